import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { AcceptedChange, NewDelivery, Queue } from '#engine/queue.ts';
import type { AgentId, Attempt, TrackingId } from '#shared/model/change.ts';
import { QueueStore } from '#store/queue-store.ts';
import { MemoryQueue } from '#test/engine-queue.ts';
import { QueueScene } from '#test/queue-scene.ts';

const agents = ['a', 'b'].map((name) => `1111111${name}-0000-4000-8000-000000000000` as AgentId);
const events = { superseded: 7006, expired: 7005, cancelled: 7007 };
const begin = Date.UTC(2026, 0, 1);
const nobody: ReadonlySet<number> = new Set();

const connector = fc.integer({ min: 0, max: 3 });
const pick = fc.nat({ max: 30 });

type Step =
  | { readonly do: 'accept'; readonly kinds: readonly ('waiting' | 'refused' | 'superseded' | 'none')[] }
  | { readonly do: 'settle' | 'park' | 'release' | 'cancel'; readonly pick: number }
  | { readonly do: 'postpone'; readonly pick: number; readonly by: number }
  | { readonly do: 'purge'; readonly agent: number }
  | { readonly do: 'digest'; readonly connector: number }
  | { readonly do: 'pass'; readonly by: number }
  | { readonly do: 'expire'; readonly limit: number };

const kind = fc.constantFrom(
  'waiting' as const,
  'waiting' as const,
  'refused' as const,
  'superseded' as const,
  'none' as const,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      kinds: fc.array(kind, { minLength: 4, maxLength: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('settle' as const, 'park' as const, 'release' as const, 'cancel' as const),
      pick,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('postpone' as const), pick, by: fc.nat({ max: 500 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const), agent: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('digest' as const), connector }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), by: fc.nat({ max: 400 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('expire' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  },
);

/** One step on both queues; what they answer must be the same. */
class Pair {
  readonly #queues: readonly Queue[];
  readonly memory: MemoryQueue;
  #now = begin;
  #sequence = 0;

  constructor(memory: MemoryQueue, store: Queue) {
    this.memory = memory;
    this.#queues = [memory, store];
  }

  async take(one: Step): Promise<void> {
    const now = this.#now;
    const delivery = (wanted: number) => {
      const open = this.memory.deliveries;
      const row = open.length === 0 ? undefined : open[wanted % open.length];
      return row && { ...row, sealed: row.sealed ?? new Uint8Array(), log: undefined };
    };
    const attempt: Attempt = { at: now, ms: 1, result: 'server-busy', event: 6901 };
    const on = <T>(work: (queue: Queue) => Promise<T>) => this.#same(work);
    const found = 'pick' in one ? delivery(one.pick) : undefined;
    if (one.do === 'accept') await on((queue) => queue.accept(this.#change(one.kinds)));
    if (one.do === 'accept') this.#sequence += 1;
    if (one.do === 'settle' && found !== undefined) {
      const success: Attempt = { ...attempt, result: 'success', event: 6902 };
      await on((queue) =>
        queue.settle(found, { outcome: 'delivered', event: 6902, at: now, attempt: success }),
      );
    }
    if (one.do === 'postpone' && found !== undefined)
      await on((queue) => queue.postpone(found, attempt, now + one.by));
    if (one.do === 'park' && found !== undefined)
      await on((queue) => queue.park(found, attempt, 6908, 'Tried'));
    if (one.do === 'release' && found !== undefined) await on((queue) => queue.release([found.id], now));
    if (one.do === 'cancel' && found !== undefined)
      await on((queue) => queue.cancel([found.id], 'Cancelled', now));
    if (one.do === 'purge') await on((queue) => queue.purge(agents[one.agent], 'Purged', now));
    if (one.do === 'digest')
      await on((queue) => queue.rememberDigest(one.connector, new Uint8Array([one.connector, now % 7]), now));
    if (one.do === 'expire') await on((queue) => queue.expire(now, one.limit));
    if (one.do === 'pass') this.#now += one.by;
    // The newest comes first, and of one moment none is the newest.
    if (one.do === 'digest') this.#now += 1;
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const now = this.#now;
    await this.#same(async (queue) => [
      queue.lastSequence(),
      queue.isKnown(idOf(1)),
      queue.countAccepted(agents[0] ?? idOf(0), 'dc=x', now - 500),
      queue.nextExpiryAt(),
      ...agents.map((agent) => queue.nextDueAt(agent, now)),
      ...agents.map((agent) => queue.due(agent, now, 2, nobody)),
      ...agents.map((agent) => queue.due(agent, now, 9, new Set([0, 2]))),
      ...[0, 1, 2, 3].map((one) => [
        queue.openStamp(one),
        queue.predecessor(one, this.#sequence + 1),
        queue.predecessor(one, this.#sequence - 1),
        queue.recentDigests(one, now - 500),
      ]),
    ]);
  }

  async #same<T>(work: (queue: Queue) => Promise<T>): Promise<void> {
    const [memory, store] = await Promise.all(this.#queues.map(work));
    expect(plain(memory)).toEqual(plain(store));
  }

  #change(kinds: readonly string[]): AcceptedChange {
    const sequence = this.#sequence + 1;
    const now = this.#now;
    return {
      change: {
        trackingId: idOf(sequence),
        domain: 'FABRIKAM',
        account: 'ada',
        objectGuid: idOf(0),
        sourceServer: 'dc1',
        capturedAt: now,
        committedAt: now,
        queuedAt: now,
        sentAt: now,
        version: sequence,
      },
      sequence,
      receivedAt: now,
      expiresAt: now + 1000,
      origin: { agent: agents[0] ?? (idOf(0) as string as AgentId), partition: 'dc=x' },
      source: 9,
      person: 1,
      refusal: kinds.every((one) => one === 'none') ? { event: 7012, reason: 'None' } : undefined,
      hops: [],
      deliveries: kinds.flatMap((one, index) => toDelivery(one, index)),
    };
  }
}

function toDelivery(kind: string, connector: number): NewDelivery[] {
  const target = agents[connector % 2];
  if (target === undefined || kind === 'none') return [];
  if (kind === 'waiting')
    return [{ target, connector, state: 'waiting', sealed: new Uint8Array([connector]) }];
  const outcome = kind === 'refused' ? 'refused' : 'superseded';
  return [{ target, connector, state: 'settled', outcome, event: 6921, reason: 'A gate' }];
}

function idOf(number: number): TrackingId & AgentId {
  return `22222222-0000-4000-8000-${String(number).padStart(12, '0')}` as TrackingId & AgentId;
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_, inner) => (inner instanceof Uint8Array ? [...inner] : inner)),
  );
}

test('the queue in memory answers as the one on disk does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      await using scene = new QueueScene();
      const store = new QueueStore(scene.database, { historySize: () => 1000, events });
      const pair = new Pair(new MemoryQueue(), store);
      for (const one of steps) await pair.take(one);
      expect(pair.memory.broken).toEqual([]);
    }),
    { numRuns: Number(process.env['ENGINE_RUNS'] ?? 25) },
  );
}, 600_000);
