/** Rates of the durable queue alone, in changes per second; prints JSON. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AcceptedChange, Delivery } from '#engine/queue.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueStore } from '#store/queue-store.ts';
import { QueueView } from '#store/queue-view.ts';

const inFlight = 8;
const target = randomUUID() as AgentId;
const directory = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
const database = openDatabase(join(directory, 'carillon.db'), storeMigrations);
const queue = new QueueStore(database, {
  historySize: () => 24,
  events: { superseded: 1, expired: 2, cancelled: 3 },
});
let sequence = 0;

function change(person: number): AcceptedChange {
  sequence += 1;
  const now = Date.now();
  return {
    change: {
      trackingId: randomUUID() as TrackingId,
      domain: 'FABRIKAM',
      account: `user${person}`,
      objectGuid: randomUUID(),
      sourceServer: 'dc1.fabrikam.lab',
      capturedAt: now,
      queuedAt: now,
      sentAt: now,
      committedAt: now,
      version: 2,
    },
    sequence,
    receivedAt: now,
    expiresAt: now + 259_200_000,
    origin: { agent: target, partition: 'DC=fabrikam,DC=lab' },
    source: person,
    person,
    refusal: undefined,
    hops: [
      { name: 'captured', at: now },
      { name: 'received', at: now },
    ],
    deliveries: [
      { target, connector: 1_000_000 + person, state: 'waiting', sealed: new Uint8Array(97).fill(7) },
    ],
  };
}

async function spread(count: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return Math.round(count / ((performance.now() - start) / 1000));
}

async function measureBacklog(size: number) {
  const start = queue.lastSequence();
  const accept = await spread(size - start, (index) => queue.accept(change(start + index)));
  const busy = new Set<number>();
  for (let each = 0; each < 64; each += 1) busy.add(1_000_000 + each);
  const rounds = 2000;
  const before = performance.now();
  for (let each = 0; each < rounds; each += 1) queue.due(target, Date.now(), inFlight, busy);
  const dueMicroseconds = ((performance.now() - before) / rounds) * 1000;
  const view = new QueueView(database);
  const asked = performance.now();
  view.depths();
  const depthsMs = performance.now() - asked;
  const settled: Delivery[] = [...queue.due(target, Date.now(), 1000, new Set())];
  const settle = await spread(settled.length, async (index) => {
    const delivery = settled[index];
    if (delivery === undefined) return;
    const at = Date.now();
    await queue.settle(delivery, {
      outcome: 'delivered',
      event: 6902,
      at,
      verification: 'verified',
      attempt: { at, ms: 1, result: 'success', event: 6902 },
    });
  });
  const again = await spread(1000, (index) => queue.accept(change(size + (index % 500))));
  return {
    size,
    acceptPerSecond: accept,
    again,
    settlePerSecond: settle,
    dueMicroseconds: Math.round(dueMicroseconds),
    depthsMs: Number(depthsMs.toFixed(2)),
    rssMb: Math.round(process.memoryUsage.rss() / 1_048_576),
  };
}

const results = [];
for (const size of [1000, 10_000, 100_000]) results.push(await measureBacklog(size));
console.log(JSON.stringify(results, undefined, 2));
await database.close();
rmSync(directory, { recursive: true });
