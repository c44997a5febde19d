import { afterEach, beforeEach, expect, test } from 'vitest';

import { deliveryContext } from '#engine/delivery-context.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { CredentialTable } from '#store/credential-table.ts';
import { DeliverySecrets } from '#store/delivery-secrets.ts';
import { KeyTable } from '#store/key-table.ts';
import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { hr, noon, QueueScene } from '#test/queue-scene.ts';
import { CredentialStore } from '#vault/credential-store.ts';
import { KeyMaintenance } from '#vault/key-maintenance.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { SealedBox, sealedVersion } from '#vault/sealed-box.ts';

const nobody: ReadonlySet<number> = new Set();
const hour = 3_600_000;
let scene: QueueScene;

beforeEach(() => {
  scene = new QueueScene();
});

afterEach(() => scene[Symbol.asyncDispose]());

async function openVault(time = { now: noon }) {
  const ring = await KeyRing.open({
    store: new KeyTable(scene.database),
    keeper: new MemoryKeyKeeper(),
    now: () => time.now,
  });
  const seal = new SealedBox(ring);
  const table = new CredentialTable(scene.database);
  const maintenance = new KeyMaintenance({
    ring,
    seal,
    tables: [table, new DeliverySecrets(scene.database)],
    clock: { now: () => time.now, schedule: () => () => undefined },
    report: (error) => {
      throw error;
    },
  });
  return { ring, seal, maintenance, credentials: new CredentialStore(table, seal) };
}

async function acceptSealed(seal: SealedBox, connector: number): Promise<void> {
  const change = scene.change([]);
  using secret = SecretBytes.take(new TextEncoder().encode(`password ${connector}`));
  const context = {
    trackingId: change.change.trackingId,
    account: 'FABRIKAM\\ada',
    target: `${hr}/${connector}`,
    sequence: change.sequence,
  };
  await scene.queue.accept({
    ...change,
    deliveries: [{ target: hr, connector, state: 'waiting', sealed: seal.seal(secret, context) }],
  });
}

test('keys rotate under load: every waiting password opens, and none needs the old key', async () => {
  const time = { now: noon };
  const { ring, seal, maintenance } = await openVault(time);
  for (let connector = 1; connector <= 600; connector += 1) await acceptSealed(seal, connector);
  let running = true;
  const load = (async () => {
    for (let connector = 1001; running; connector += 1) {
      await acceptSealed(seal, connector);
      const [oldest] = scene.queue.due(hr, Date.now(), 1, nobody);
      if (oldest !== undefined)
        await scene.queue.settle(oldest, { outcome: 'delivered', event: 6902, at: noon });
    }
  })();
  await maintenance.rotate();
  await maintenance.rotate();
  running = false;
  await load;
  time.now += hour;
  await maintenance.tend();
  expect(ring.status.keys.map((key) => key.version).sort()).toEqual([0, 3]);
  const waiting = scene.queue.due(hr, Date.now(), 10_000, nobody);
  expect(waiting.length).toBe(600);
  for (const delivery of waiting) {
    using opened = seal.open(delivery.sealed, deliveryContext(delivery));
    expect(new TextDecoder().decode(opened.bytes)).toBe(`password ${delivery.connector}`);
    expect(sealedVersion(delivery.sealed)).toBe(3);
  }
});

test('keys, waiting passwords and credentials come back when the store is opened again', async () => {
  const { seal, credentials } = await openVault();
  await acceptSealed(seal, 10);
  await credentials.set('agent', SecretBytes.take(new TextEncoder().encode('own password')));
  await scene.reopen();
  const again = await openVault();
  const [delivery] = scene.queue.due(hr, Date.now(), 1, nobody);
  expect(delivery && again.seal.open(delivery.sealed, deliveryContext(delivery)).length).toBe(
    'password 10'.length,
  );
  expect(new TextDecoder().decode(again.credentials.get('agent')?.bytes)).toBe('own password');
});

test('a sealed password moved to another row does not open', async () => {
  const { seal } = await openVault();
  await acceptSealed(seal, 10);
  await acceptSealed(seal, 11);
  await scene.database.commit(() =>
    scene.database.run(
      'UPDATE delivery SET sealed = (SELECT sealed FROM delivery WHERE connector = 10) WHERE connector = 11',
    ),
  );
  const moved = scene.queue.due(hr, Date.now(), 2, nobody)[1];
  expect(() => moved && seal.open(moved.sealed, deliveryContext(moved))).toThrow(
    expect.objectContaining({ code: 'damaged' }),
  );
});

test('credentials are set, replaced, told apart by name, and deleted', async () => {
  const { credentials } = await openVault();
  const set = (name: string, text: string) =>
    credentials.set(name, SecretBytes.take(new TextEncoder().encode(text)));
  await set('one', 'first');
  await set('one', 'second');
  await set('two', 'other');
  const read = (name: string) => new TextDecoder().decode(credentials.get(name)?.bytes);
  expect([read('one'), read('two'), credentials.has('three'), credentials.get('three')]).toEqual([
    'second',
    'other',
    false,
    undefined,
  ]);
  await scene.database.commit(() =>
    scene.database.run("UPDATE credential SET sealed = (SELECT sealed FROM credential WHERE name = 'two')"),
  );
  expect(() => credentials.get('one')).toThrow(expect.objectContaining({ code: 'damaged' }));
  expect(await credentials.delete('one')).toBe(true);
  expect(await credentials.delete('one')).toBe(false);
  expect(credentials.has('one')).toBe(false);
});

test('nothing of a destroyed key is left in any file of the database', async () => {
  const time = { now: noon };
  const { ring, maintenance } = await openVault(time);
  const wrapped = scene.database.get<{ wrapped: Uint8Array }>(
    'SELECT wrapped FROM key WHERE version = 1',
  )?.wrapped;
  await maintenance.rotate();
  const retired = scene.database.get<{ wrapped: Uint8Array }>(
    'SELECT wrapped FROM key WHERE version = 1',
  )?.wrapped;
  time.now += hour;
  await maintenance.tend();
  expect(ring.openingKey(1)).toBeUndefined();
  const files = scene.readFiles();
  for (const bytes of [wrapped, retired]) {
    const needle = Buffer.from(bytes ?? []);
    expect(needle.length).toBe(60);
    for (const file of files) expect(file.includes(needle)).toBe(false);
  }
});
