import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { join } from 'node:path';

import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { CredentialTable } from '#store/credential-table.ts';
import { openDatabase } from '#store/database.ts';
import { DeliverySecrets } from '#store/delivery-secrets.ts';
import { KeyTable } from '#store/key-table.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueStore } from '#store/queue-store.ts';
import { CredentialStore } from '#vault/credential-store.ts';
import { KeyFileKeeper } from '#vault/key-file-keeper.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { reseal } from '#vault/reseal.ts';
import { SealedBox } from '#vault/sealed-box.ts';

import { canaryLength, fillCanary } from './canary.ts';
import { hr, partition, source } from './queue-scene.ts';

/**
 * A program that takes a thousand canary passwords through vault and queue: seal, accept, open, digest, rotate,
 * settle half of them. Then it says `done`, and waits to be searched until its standard input closes.
 * With `careless` it keeps one copy on purpose.
 */
const [directory = '', mode = ''] = process.argv.slice(2);
const database = openDatabase(join(directory, 'carillon.db'), storeMigrations);
const ring = await KeyRing.open({
  store: new KeyTable(database),
  keeper: new KeyFileKeeper(join(directory, 'vault.key')),
  now: Date.now,
});
const box = new SealedBox(ring);
const credentials = new CredentialStore(new CredentialTable(database), box);
const queue = new QueueStore(database, {
  historySize: () => 24,
  events: { superseded: 1, expired: 2, cancelled: 3 },
});
const kept: Uint8Array[] = [];
const count = 1000;

function createCanary(index: number): SecretBytes {
  const secret = SecretBytes.allocate(canaryLength);
  fillCanary(secret.bytes, index);
  return secret;
}

for (let index = 1; index <= count; index += 1) {
  using secret = createCanary(index);
  const now = Date.now();
  const trackingId = `33333333-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const account = `user${index}`;
  const context = { trackingId, account: `FABRIKAM\\${account}`, target: `${hr}/${index}`, sequence: index };
  const {
    waiting: [delivery],
  } = await queue.accept({
    change: {
      trackingId: trackingId as never,
      domain: 'FABRIKAM',
      account,
      objectGuid: trackingId,
      sourceServer: 'dc1',
      capturedAt: now,
      queuedAt: now,
      sentAt: now,
      committedAt: now,
      version: 1,
    },
    sequence: index,
    receivedAt: now,
    expiresAt: now + 1_000_000,
    origin: { agent: source, partition },
    source: index,
    person: index,
    refusal: undefined,
    hops: [],
    deliveries: [{ target: hr, connector: index, state: 'waiting', sealed: box.seal(secret, context) }],
  });
  if (delivery === undefined) throw new Error('The delivery does not wait');
  using opened = box.open(delivery.sealed, context);
  await queue.rememberDigest(index, box.digest(opened), now);
  if (mode === 'careless' && index === 500) kept.push(opened.bytes.slice());
  if (index % 2 === 0) await queue.settle(delivery, { outcome: 'delivered', event: 6902, at: now });
  if (index % 100 === 0) {
    await credentials.set(`agent ${index}`, opened);
    credentials.get(`agent ${index}`)?.wipe();
  }
}
const current = await ring.rotate();
const { resealed, unreadable } = await reseal(
  [new DeliverySecrets(database), new CredentialTable(database)],
  box,
  current,
);
if (resealed !== count / 2 + 10 || unreadable !== 0) throw new Error('Not everything was sealed anew');
writeSync(1, 'done\n');
await once(process.stdin.resume(), 'end');
await database.close();
if (kept.length > 1) throw new Error('Keeps the copy alive');
