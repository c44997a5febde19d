import { expect, test } from 'vitest';

import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { MemoryKeyStore } from '#test/memory-key-store.ts';
import { KeyRing } from '#vault/key-ring.ts';

const day = 86_400_000;

function open(store: MemoryKeyStore, keeper = new MemoryKeyKeeper(), now = () => 0): Promise<KeyRing> {
  return KeyRing.open({ store, keeper, now });
}

test('an empty store gets its first keys, and the same ones come back', async () => {
  const store = new MemoryKeyStore();
  const key = (await open(store)).sealingKey().bytes.slice();
  expect(store.keys.map(({ version, state }) => [version, state])).toEqual([
    [0, 'root'],
    [1, 'active'],
  ]);
  expect((await open(store)).openingKey(1)?.bytes).toEqual(key);
});

test('no key lies unwrapped in the store', async () => {
  const store = new MemoryKeyStore();
  const ring = await open(store);
  const key = Buffer.from(ring.sealingKey().bytes).toString('hex');
  const stored = store.keys.map(({ wrapped }) => Buffer.from(wrapped).toString('hex')).join();
  expect(stored).not.toContain(key);
});

test('the wrong wrapping key is told apart from damage', async () => {
  const store = new MemoryKeyStore();
  await open(store);
  await expect(open(store, new MemoryKeyKeeper(2))).rejects.toMatchObject({ code: 'forbidden' });
  store.keys = store.keys.map((key) => ({ ...key, wrapped: key.wrapped.slice().fill(0, 20, 21) }));
  await expect(open(store)).rejects.toMatchObject({ code: 'damaged' });
});

test('wrapped keys cannot change places', async () => {
  const store = new MemoryKeyStore();
  await open(store);
  const [root, active] = store.keys;
  store.keys = store.keys.map((key) => ({
    ...key,
    wrapped: (key === root ? active : root)?.wrapped ?? key.wrapped,
  }));
  await expect(open(store)).rejects.toMatchObject({ code: 'damaged' });
});

test('another keeper than the one that locked the vault is refused', async () => {
  const store = new MemoryKeyStore();
  await open(store);
  await expect(open(store, new MemoryKeyKeeper(1, 'passphrase'))).rejects.toMatchObject({
    code: 'invalid_configuration',
    message: 'The vault is locked by key-file, the configuration says passphrase',
  });
});

test('moving to another keeper keeps every key and shuts the old keeper out', async () => {
  const store = new MemoryKeyStore();
  const ring = await open(store);
  await ring.rotate();
  const keys = [1, 2].map((version) => ring.openingKey(version)?.bytes.slice());
  const next = new MemoryKeyKeeper(9, 'passphrase');
  await ring.move(next);
  await ring.rotate();
  const reopened = await open(store, next);
  expect([1, 2].map((version) => reopened.openingKey(version)?.bytes)).toEqual(keys);
  await expect(open(store)).rejects.toMatchObject({ code: 'invalid_configuration' });
});

test('a ring wears out with age and with use', async () => {
  let now = 0;
  const store = new MemoryKeyStore();
  const ring = await open(store, new MemoryKeyKeeper(), () => now);
  expect(ring.isWorn(30 * day)).toBe(false);
  now = 30 * day;
  expect(ring.isWorn(30 * day)).toBe(true);
  await ring.rotate();
  expect(ring.isWorn(30 * day)).toBe(false);
  ring.sealingKey();
  await Promise.resolve();
  store.keys = store.keys.map((key) => (key.state === 'active' ? { ...key, uses: 2 ** 30 } : key));
  expect((await open(store, new MemoryKeyKeeper(), () => now)).isWorn(30 * day)).toBe(true);
});

test('uses are on disk before they are made, so that a crash never lowers the count', async () => {
  const store = new MemoryKeyStore();
  const ring = await open(store);
  ring.sealingKey();
  expect(store.keys.find((key) => key.state === 'active')?.uses).toBeGreaterThan(1000);
});

test('only a retired key can be destroyed, and it is wiped', async () => {
  const store = new MemoryKeyStore();
  const ring = await open(store);
  await expect(ring.destroy(1)).rejects.toMatchObject({ code: 'conflict' });
  await expect(ring.destroy(0)).rejects.toMatchObject({ code: 'conflict' });
  const key = ring.openingKey(1);
  await ring.rotate();
  await ring.destroy(1);
  expect(key?.wiped).toBe(true);
  expect(store.keys.map((record) => record.version).sort()).toEqual([0, 2]);
});

test('changes of the ring that are asked for together do not lose one another', async () => {
  const ring = await open(new MemoryKeyStore());
  expect(await Promise.all([ring.rotate(), ring.rotate(), ring.rotate()])).toEqual([2, 3, 4]);
  expect(ring.status.keys.filter((key) => key.state === 'active').map((key) => key.version)).toEqual([4]);
});

test('the root key never opens a sealed secret', async () => {
  const ring = await open(new MemoryKeyStore());
  expect(ring.openingKey(0)).toBeUndefined();
});

test('a closed ring holds nothing', async () => {
  const ring = await open(new MemoryKeyStore());
  const key = ring.sealingKey();
  ring.close();
  expect(key.wiped).toBe(true);
});
