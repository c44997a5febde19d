import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';

import type { AgentId, TrackingId } from '#shared/model/change.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueStore } from '#store/queue-store.ts';

/**
 * A program that accepts and settles changes until it is killed, eight at a time, two targets each, and says on
 * standard output what was acknowledged: `accepted <id>` and `settled <delivery>`.
 */
const [path = '', seed = ''] = process.argv.slice(2);
const targets = ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002'] as AgentId[];
const database = openDatabase(path, storeMigrations);
const queue = new QueueStore(database, {
  historySize: () => 1000,
  events: { superseded: 1, expired: 2, cancelled: 3 },
});
let sequence = queue.lastSequence();

async function work(): Promise<never> {
  for (;;) {
    sequence += 1;
    const own = sequence;
    const trackingId = randomUUID() as TrackingId;
    const now = Date.now();
    const person = own % 97;
    const { waiting: deliveries } = await queue.accept({
      change: {
        trackingId,
        domain: 'FABRIKAM',
        account: `${seed}${person}`,
        objectGuid: randomUUID(),
        sourceServer: 'dc1',
        capturedAt: now,
        queuedAt: now,
        sentAt: now,
        committedAt: now,
        version: own,
      },
      sequence: own,
      receivedAt: now,
      expiresAt: now + 1_000_000,
      origin: undefined,
      source: person,
      person,
      refusal: undefined,
      hops: [],
      deliveries: targets.map((target, index) => ({
        target,
        connector: person * 2 + index,
        state: 'waiting',
        sealed: new Uint8Array(97),
      })),
    });
    writeSync(1, `accepted ${trackingId}\n`);
    const [first] = deliveries;
    if (first === undefined) continue;
    const settled = await queue.settle(first, { outcome: 'delivered', event: 6902, at: now });
    if (settled) writeSync(1, `settled ${first.id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, work));
