import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { ExpiredDelivery, Settlement } from '#engine/queue.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';
import { ChangeStore, type TracedDelivery } from '#store/change-store.ts';
import {
  events,
  failedAt,
  hr,
  mail,
  noon,
  partition,
  QueueScene,
  source,
  waiting,
} from '#test/queue-scene.ts';

const nobody: ReadonlySet<number> = new Set();
const later = noon + 3_600_000;
const delivered: Settlement = { outcome: 'delivered', event: 6902, at: later, verification: 'verified' };

let scene: QueueScene;

beforeEach(() => {
  scene = new QueueScene();
});

afterEach(() => scene[Symbol.asyncDispose]());

function trace(trackingId: TrackingId): readonly TracedDelivery[] {
  return new ChangeStore(scene.database).trace(trackingId)?.deliveries ?? [];
}

function dueConnectors(now = later, limit = 100, busy = nobody, target: AgentId = hr): number[] {
  return scene.queue.due(target, now, limit, busy).map((delivery) => delivery.connector);
}

test('an accepted change waits for each of its targets and is known from then on', async () => {
  const change = scene.change([], { deliveries: [waiting(10), waiting(20, mail)] });
  const { waiting: deliveries } = await scene.queue.accept(change);
  expect(deliveries.map(({ target, connector, state }) => [target, connector, state])).toEqual([
    [hr, 10, 'waiting'],
    [mail, 20, 'waiting'],
  ]);
  expect(scene.queue.isKnown(change.change.trackingId)).toBe(true);
  expect(scene.queue.isKnown(randomUUID() as TrackingId)).toBe(false);
  expect(scene.queue.lastSequence()).toBe(change.sequence);
});

test('what accept returns is what the queue holds', async () => {
  const accepted = await scene.accept(10);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([accepted]);
  await scene.reopen();
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([accepted]);
  expect(accepted.account).toBe('FABRIKAM\\ada');
});

test('a redelivered change is acknowledged and changes nothing', async () => {
  const change = scene.change([10]);
  const [first, second] = await Promise.all([scene.queue.accept(change), scene.queue.accept(change)]);
  expect([first?.waiting.length, second?.waiting.length]).toEqual([1, 0]);
  expect(await scene.queue.accept({ ...change, sequence: 99 })).toEqual({ waiting: [], superseded: [] });
  expect(dueConnectors()).toEqual([10]);
  expect(scene.queue.lastSequence()).toBe(change.sequence);
});

test('a delivery that a gate settled is recorded and never waits', async () => {
  const change = scene.change([], {
    deliveries: [
      { target: hr, connector: 10, state: 'settled', outcome: 'refused', event: 6919, reason: 'Stale' },
    ],
  });
  expect(await scene.queue.accept(change)).toEqual({ waiting: [], superseded: [] });
  expect(dueConnectors()).toEqual([]);
  expect(trace(change.change.trackingId)).toMatchObject([
    { outcome: 'refused', event: 6919, reason: 'Stale' },
  ]);
});

test('a newer change supersedes what waits or is parked for the same connector', async () => {
  const old = await scene.accept(10);
  const parked = await scene.accept(20);
  await scene.queue.park(parked, undefined, 6927, 'Breaks the policy');
  const change = scene.change([10, 20, 30]);
  const { superseded } = await scene.queue.accept(change);
  expect(superseded).toEqual(
    [old, parked].map(({ trackingId, account, target }) => ({ trackingId, account, target })),
  );
  for (const delivery of [old, parked]) {
    expect(trace(delivery.trackingId)).toMatchObject([
      {
        outcome: 'superseded',
        event: events.superseded,
        reason: `Superseded by ${change.change.trackingId}`,
      },
    ]);
  }
  expect(scene.queue.due(hr, later, 9, nobody).map((delivery) => delivery.sequence)).toEqual([
    change.sequence,
    change.sequence,
    change.sequence,
  ]);
});

test('a delivery superseded in flight settles to nothing and leaves the newer one waiting', async () => {
  const old = await scene.accept(10);
  const newer = await scene.accept(10);
  expect(await scene.queue.settle(old, delivered)).toBe(false);
  await scene.queue.postpone(old, failedAt(later), later);
  await scene.queue.park(old, failedAt(later), 6927, 'late');
  expect(trace(old.trackingId)).toMatchObject([{ outcome: 'superseded', attempts: [] }]);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([newer]);
});

test('a sequence that comes late never supersedes a higher one, waiting or delivered', async () => {
  const high = await scene.accept(10, { sequence: 50 });
  const low = scene.change([10], { sequence: 40 });
  const { trackingId } = low.change;
  expect(await scene.queue.accept(low)).toMatchObject({ waiting: [], superseded: [{ trackingId }] });
  expect(trace(low.change.trackingId)).toMatchObject([{ outcome: 'superseded' }]);
  expect(scene.queue.due(hr, later, 9, nobody)).toEqual([high]);
  await scene.queue.settle(high, delivered);
  const lower = scene.change([10], { sequence: 41 });
  expect((await scene.queue.accept(lower)).waiting).toEqual([]);
  expect(dueConnectors()).toEqual([]);
});

test('a settled delivery has lost its password and stays as it ended', async () => {
  const delivery = await scene.accept(10);
  expect(
    await scene.queue.settle(delivery, { ...delivered, attempt: { ...failedAt(later), result: 'success' } }),
  ).toBe(true);
  expect(await scene.queue.settle(delivery, { ...delivered, outcome: 'refused' })).toBe(false);
  expect(scene.database.get('SELECT sealed, attempts, outcome FROM delivery')).toEqual({
    sealed: null,
    attempts: 1,
    outcome: 'delivered',
  });
  expect(trace(delivery.trackingId)).toMatchObject([{ verification: 'verified', settledAt: later }]);
});

test('only a delivery moves the outgoing stamp, and never back', async () => {
  const first = await scene.accept(10);
  await scene.queue.settle(first, { ...delivered, outcome: 'refused' });
  const stamp = () => scene.database.get('SELECT * FROM password_stamp WHERE connector = 10');
  expect(stamp()).toBeUndefined();
  const second = await scene.accept(10);
  await scene.queue.settle(second, delivered);
  const third = await scene.accept(10);
  await scene.queue.settle({ ...third, stamp: { committedAt: 5, version: 999 } }, delivered);
  expect(stamp()).toMatchObject({
    outgoing_at: second.stamp.committedAt,
    outgoing_version: second.stamp.version,
    incoming_at: null,
  });
});

test('the incoming stamp of the source moves forward only, by time and then by version', async () => {
  const stamps: unknown[] = [];
  for (const [committedAt, version] of [
    [noon, 3],
    [noon, 2],
    [noon, 4],
    [noon - 1, 9],
  ] as const) {
    const change = scene.change([]);
    await scene.queue.accept({ ...change, change: { ...change.change, committedAt, version } });
    stamps.push(
      Object.values(scene.database.get('SELECT incoming_at, incoming_version FROM password_stamp') ?? {}),
    );
  }
  expect(stamps).toEqual([
    [noon, 3],
    [noon, 3],
    [noon, 4],
    [noon, 4],
  ]);
});

test('due deliveries come oldest first, per target, without busy connectors, up to the limit', async () => {
  for (const connector of [10, 11, 12, 13]) await scene.accept(connector);
  await scene.queue.accept(scene.change([], { deliveries: [waiting(20, mail)] }));
  expect(dueConnectors(later, 2)).toEqual([10, 11]);
  expect(dueConnectors(later, 2, new Set([10, 12]))).toEqual([11, 13]);
  expect(dueConnectors(later, 9, nobody, mail)).toEqual([20]);
  expect(dueConnectors(noon)).toEqual([]);
});

test('a postponed delivery is due again at its time, with its failed try on record', async () => {
  const delivery = await scene.accept(10);
  await scene.queue.postpone(delivery, failedAt(later), later + 60_000);
  expect(dueConnectors(later)).toEqual([]);
  expect(scene.queue.nextDueAt(hr, later)).toBe(later + 60_000);
  expect(scene.queue.nextDueAt(hr, later + 60_000)).toBeUndefined();
  expect(scene.queue.nextDueAt(mail, later)).toBeUndefined();
  expect(scene.queue.due(hr, later + 60_000, 1, nobody)).toMatchObject([{ attempts: 1 }]);
  expect(trace(delivery.trackingId)).toMatchObject([{ attempts: [failedAt(later)] }]);
});

test('the log of tries keeps the newest, the count keeps all', async () => {
  const delivery = await scene.accept(10);
  for (let each = 1; each <= 40; each += 1)
    await scene.queue.postpone(delivery, failedAt(later + each), later);
  const attempts = trace(delivery.trackingId)[0]?.attempts ?? [];
  expect([attempts.length, attempts[0]?.at, attempts.at(-1)?.at]).toEqual([32, later + 9, later + 40]);
  expect(scene.queue.due(hr, later, 1, nobody)).toMatchObject([{ attempts: 40 }]);
});

test('a parked delivery keeps its password, waits for nobody, and is due at once when released', async () => {
  const delivery = await scene.accept(10);
  await scene.queue.postpone(delivery, failedAt(later), later);
  await scene.queue.park(delivery, failedAt(later), 6908, 'Ten tries failed');
  expect(dueConnectors()).toEqual([]);
  expect(scene.queue.nextDueAt(hr, noon)).toBeUndefined();
  expect(trace(delivery.trackingId)).toMatchObject([
    { state: 'parked', event: 6908, reason: 'Ten tries failed' },
  ]);
  expect(await scene.queue.release([delivery.id, 9999], later)).toBe(1);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([delivery]);
});

test('releasing a postponed delivery makes it due at once with its tries counted anew', async () => {
  const delivery = await scene.accept(10);
  await scene.queue.postpone(delivery, failedAt(later), later + 60_000);
  expect(await scene.queue.release([delivery.id], later)).toBe(1);
  expect(scene.queue.due(hr, later, 1, nobody)).toMatchObject([
    { attempts: 0, nextAttemptAt: delivery.receivedAt },
  ]);
});

test('what an administrator puts aside is not due and keeps its password; what is parked or settled stays', async () => {
  const open = await scene.accept(10);
  const parked = await scene.accept(11);
  await scene.queue.park(parked, undefined, 6927, 'Breaks the policy');
  const done = await scene.accept(12);
  await scene.queue.settle(done, delivered);
  expect(await scene.queue.setAside([open.id, parked.id, done.id], 7017, 'Wait')).toBe(1);
  expect(dueConnectors()).toEqual([]);
  expect(trace(open.trackingId)).toMatchObject([{ state: 'parked', event: 7017, reason: 'Wait' }]);
  expect(trace(parked.trackingId)).toMatchObject([{ state: 'parked', event: 6927 }]);
  expect(await scene.queue.release([open.id], later)).toBe(1);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([open]);
});

test('cancelled deliveries end with the reason given, settled ones are left alone', async () => {
  const open = await scene.accept(10);
  const parked = await scene.accept(11);
  await scene.queue.park(parked, undefined, 6927, 'Breaks the policy');
  const done = await scene.accept(12);
  await scene.queue.settle(done, delivered);
  expect(await scene.queue.cancel([open.id, parked.id, done.id, open.id], 'Left the company', later)).toBe(2);
  for (const delivery of [open, parked]) {
    expect(trace(delivery.trackingId)).toMatchObject([
      { outcome: 'cancelled', event: events.cancelled, reason: 'Left the company', settledAt: later },
    ]);
  }
  expect(await scene.queue.release([open.id], later)).toBe(0);
});

test('purging one target leaves the others', async () => {
  await scene.queue.accept(scene.change([], { deliveries: [waiting(10), waiting(20, mail)] }));
  expect(await scene.queue.purge(hr, 'Queue purged', later)).toBe(1);
  expect(dueConnectors(later, 9, nobody, mail)).toEqual([20]);
  expect(await scene.queue.purge(undefined, 'Queue purged', later)).toBe(1);
});

test('a change that a gate refused ends what waited for the connector, one that is stale does not', async () => {
  const waiting = await scene.accept(10);
  const gated = (outcome: 'refused' | 'superseded') =>
    scene.change([], {
      deliveries: [{ target: hr, connector: 10, state: 'settled', outcome, event: 6921, reason: 'A gate' }],
    });
  expect(scene.queue.openStamp(10)).toEqual(waiting.stamp);
  await scene.queue.accept(gated('superseded'));
  expect(scene.queue.due(hr, later, 9, nobody)).toEqual([waiting]);
  await scene.queue.accept(gated('refused'));
  expect(scene.queue.openStamp(10)).toBeUndefined();
  expect(trace(waiting.trackingId)).toMatchObject([{ outcome: 'superseded' }]);
});

test('the predecessor of a delivery is the newest before it that may have been written', async () => {
  const first = await scene.accept(10);
  expect(scene.queue.predecessor(10, first.sequence)).toBeUndefined();
  const second = await scene.accept(10);
  const superseded = { sequence: first.sequence, outcome: 'superseded' };
  expect(scene.queue.predecessor(10, second.sequence)).toMatchObject(superseded);
  await scene.queue.settle(second, { outcome: 'refused', event: 6927, at: later, attempt: failedAt(later) });
  const third = await scene.accept(10);
  expect(scene.queue.predecessor(10, third.sequence)).toMatchObject(superseded);
  await scene.queue.postpone(third, failedAt(later), later);
  await scene.queue.release([third.id], later);
  await scene.queue.settle(third, { outcome: 'refused', event: 6927, at: later, attempt: failedAt(later) });
  expect(scene.queue.predecessor(10, third.sequence + 1)).toMatchObject({ sequence: third.sequence });
  expect(scene.queue.predecessor(11, third.sequence)).toBeUndefined();
});

test('everything past its time expires, however much that is', async () => {
  const count = 1203;
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      scene.queue.accept(scene.change([100 + index], { receivedAt: noon, expiresAt: noon + 1000 })),
    ),
  );
  const parked = scene.queue.due(hr, later, 1, nobody)[0];
  if (parked !== undefined) await scene.queue.park(parked, undefined, 6927, 'Breaks the policy');
  const fresh = await scene.accept(10);
  expect(scene.queue.nextExpiryAt()).toBe(noon + 1000);
  expect(await scene.queue.expire(noon + 999, 500)).toEqual([]);
  const expired: ExpiredDelivery[] = [];
  for (let page = 0; page < 3; page += 1) expired.push(...(await scene.queue.expire(noon + 1000, 500)));
  expect(new Set(expired.map(({ id }) => id)).size).toBe(count);
  expect(expired[0]).toMatchObject({ account: 'FABRIKAM\\ada', target: hr, receivedAt: noon });
  expect(scene.queue.due(hr, later, 9, nobody)).toEqual([fresh]);
  expect(
    scene.database.get("SELECT count(*) AS n FROM delivery WHERE outcome = 'expired' AND sealed IS NULL"),
  ).toEqual({
    n: count,
  });
});

test('a connector keeps the newest of its history', async () => {
  scene.historySize = 3;
  for (let each = 0; each < 6; each += 1) await scene.queue.settle(await scene.accept(10), delivered);
  await scene.queue.settle(await scene.accept(11), delivered);
  const open = await scene.accept(10);
  const history = new ChangeStore(scene.database).historyOfConnector(10, 100);
  expect(history.map((entry) => entry.receivedAt - noon)).toEqual([6, 5, 4]);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([open]);
});

test('the daily cap counts what was taken from one partition, not what was refused', async () => {
  await scene.accept(10, { receivedAt: noon });
  await scene.accept(11, { receivedAt: noon + 10 });
  await scene.accept(12, { receivedAt: noon + 20, origin: { agent: source, partition: 'DC=other' } });
  await scene.accept(13, { receivedAt: noon + 20, origin: undefined });
  await scene.queue.accept(scene.change([], { refusal: { event: 6926, reason: 'Not a source' } }));
  expect(scene.queue.countAccepted(source, partition, noon)).toBe(2);
  expect(scene.queue.countAccepted(source, partition, noon + 1)).toBe(1);
  expect(scene.queue.countAccepted(hr, partition, noon)).toBe(0);
});

test('digests of a connector come newest first and go after a day', async () => {
  const digest = (value: number) => new Uint8Array(32).fill(value);
  await scene.queue.rememberDigest(10, digest(1), noon);
  await scene.queue.rememberDigest(10, digest(2), noon + 1);
  await scene.queue.rememberDigest(10, digest(2), noon + 1);
  await scene.queue.rememberDigest(11, digest(3), noon);
  expect(scene.queue.recentDigests(10, noon)).toEqual([digest(2), digest(1)]);
  expect(scene.queue.recentDigests(10, noon + 1)).toEqual([digest(2)]);
  await scene.queue.rememberDigest(10, digest(4), noon + 86_400_001);
  expect(scene.queue.recentDigests(10, 0)).toEqual([digest(4), digest(2)]);
});

test('sequences go on where they ended, whatever was forgotten', async () => {
  await scene.queue.settle(await scene.accept(10), delivered);
  await scene.queue.settle(await scene.accept(11), delivered);
  await new ChangeStore(scene.database).prune(later);
  expect(scene.queue.lastSequence()).toBe(2);
});

test.each([
  ['two open deliveries of one connector', 'UPDATE delivery SET connector = 10'],
  ['an open delivery without a password', 'UPDATE delivery SET sealed = NULL'],
  [
    'a settled delivery with a password',
    "UPDATE delivery SET state = 'settled', outcome = 'refused', settled_at = 1",
  ],
  [
    'a settled delivery without an outcome',
    "UPDATE delivery SET state = 'settled', sealed = NULL, settled_at = 1",
  ],
  ['an open delivery with an outcome', "UPDATE delivery SET outcome = 'delivered'"],
  [
    'an unknown outcome',
    "UPDATE delivery SET state = 'settled', sealed = NULL, settled_at = 1, outcome = 'lost'",
  ],
  ['an open delivery that vanishes', 'DELETE FROM delivery'],
  ['a change that vanishes with an open delivery', 'DELETE FROM change'],
  ['a delivery without a change', 'UPDATE delivery SET sequence = 999'],
])('the database itself refuses %s', async (_, sql) => {
  await scene.accept(10);
  await scene.accept(11);
  await expect(scene.database.commit(() => scene.database.run(sql))).rejects.toThrow();
  expect(dueConnectors()).toEqual([10, 11]);
});

test('the database itself refuses to change how a delivery ended', async () => {
  await scene.queue.settle(await scene.accept(10), delivered);
  const reopen = () => scene.database.run("UPDATE delivery SET outcome = 'refused'");
  await expect(scene.database.commit(reopen)).rejects.toThrow('settled delivery');
});
