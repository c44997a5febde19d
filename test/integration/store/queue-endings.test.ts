import { afterEach, beforeEach, expect, test } from 'vitest';

import type { ExpiredDelivery } from '#engine/queue.ts';
import { ChangeStore } from '#store/change-store.ts';
import {
  delivered,
  events,
  failedAt,
  hr,
  later,
  mail,
  nobody,
  noon,
  partition,
  QueueScene,
  source,
  waiting,
} from '#test/queue-scene.ts';

let scene: QueueScene;

beforeEach(() => {
  scene = new QueueScene();
});

afterEach(() => scene[Symbol.asyncDispose]());

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
  expect(scene.trace(delivery.trackingId)).toMatchObject([{ verification: 'verified', settledAt: later }]);
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

test('cancelled deliveries end with the reason given, settled ones are left alone', async () => {
  const open = await scene.accept(10);
  const parked = await scene.accept(11);
  await scene.queue.park(parked, undefined, 6927, 'Breaks the policy');
  const done = await scene.accept(12);
  await scene.queue.settle(done, delivered);
  expect(await scene.queue.cancel([open.id, parked.id, done.id, open.id], 'Left the company', later)).toBe(2);
  for (const delivery of [open, parked]) {
    expect(scene.trace(delivery.trackingId)).toMatchObject([
      { outcome: 'cancelled', event: events.cancelled, reason: 'Left the company', settledAt: later },
    ]);
  }
  expect(await scene.queue.release([open.id], later)).toBe(0);
});

test('purging one target leaves the others', async () => {
  await scene.queue.accept(scene.change([], { deliveries: [waiting(10), waiting(20, mail)] }));
  expect(await scene.queue.purge(hr, 'Queue purged', later)).toBe(1);
  expect(scene.dueConnectors(later, 9, nobody, mail)).toEqual([20]);
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
  expect(scene.trace(waiting.trackingId)).toMatchObject([{ outcome: 'superseded' }]);
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
  expect(scene.dueConnectors()).toEqual([10, 11]);
});

test('the database itself refuses to change how a delivery ended', async () => {
  await scene.queue.settle(await scene.accept(10), delivered);
  const reopen = () => scene.database.run("UPDATE delivery SET outcome = 'refused'");
  await expect(scene.database.commit(reopen)).rejects.toThrow('settled delivery');
});
