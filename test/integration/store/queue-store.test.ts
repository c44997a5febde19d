import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { TrackingId } from '#shared/model/change.ts';
import {
  delivered,
  events,
  failedAt,
  hr,
  later,
  mail,
  nobody,
  noon,
  QueueScene,
  waiting,
} from '#test/queue-scene.ts';

let scene: QueueScene;

beforeEach(() => {
  scene = new QueueScene();
});

afterEach(() => scene[Symbol.asyncDispose]());

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
  expect(scene.dueConnectors()).toEqual([10]);
  expect(scene.queue.lastSequence()).toBe(change.sequence);
});

test('a delivery that a gate settled is recorded and never waits', async () => {
  const change = scene.change([], {
    deliveries: [
      { target: hr, connector: 10, state: 'settled', outcome: 'refused', event: 6919, reason: 'Stale' },
    ],
  });
  expect(await scene.queue.accept(change)).toEqual({ waiting: [], superseded: [] });
  expect(scene.dueConnectors()).toEqual([]);
  expect(scene.trace(change.change.trackingId)).toMatchObject([
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
    expect(scene.trace(delivery.trackingId)).toMatchObject([
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
  expect(scene.trace(old.trackingId)).toMatchObject([{ outcome: 'superseded', attempts: [] }]);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([newer]);
});

test('a sequence that comes late never supersedes a higher one, waiting or delivered', async () => {
  const high = await scene.accept(10, { sequence: 50 });
  const low = scene.change([10], { sequence: 40 });
  const { trackingId } = low.change;
  expect(await scene.queue.accept(low)).toMatchObject({ waiting: [], superseded: [{ trackingId }] });
  expect(scene.trace(low.change.trackingId)).toMatchObject([{ outcome: 'superseded' }]);
  expect(scene.queue.due(hr, later, 9, nobody)).toEqual([high]);
  await scene.queue.settle(high, delivered);
  const lower = scene.change([10], { sequence: 41 });
  expect((await scene.queue.accept(lower)).waiting).toEqual([]);
  expect(scene.dueConnectors()).toEqual([]);
});

test('due deliveries come oldest first, per target, without busy connectors, up to the limit', async () => {
  for (const connector of [10, 11, 12, 13]) await scene.accept(connector);
  await scene.queue.accept(scene.change([], { deliveries: [waiting(20, mail)] }));
  expect(scene.dueConnectors(later, 2)).toEqual([10, 11]);
  expect(scene.dueConnectors(later, 2, new Set([10, 12]))).toEqual([11, 13]);
  expect(scene.dueConnectors(later, 9, nobody, mail)).toEqual([20]);
  expect(scene.dueConnectors(noon)).toEqual([]);
});

test('a postponed delivery is due again at its time, with its failed try on record', async () => {
  const delivery = await scene.accept(10);
  await scene.queue.postpone(delivery, failedAt(later), later + 60_000);
  expect(scene.dueConnectors(later)).toEqual([]);
  expect(scene.queue.nextDueAt(hr, later)).toBe(later + 60_000);
  expect(scene.queue.nextDueAt(hr, later + 60_000)).toBeUndefined();
  expect(scene.queue.nextDueAt(mail, later)).toBeUndefined();
  expect(scene.queue.due(hr, later + 60_000, 1, nobody)).toMatchObject([{ attempts: 1 }]);
  expect(scene.trace(delivery.trackingId)).toMatchObject([{ attempts: [failedAt(later)] }]);
});

test('the log of tries keeps the newest, the count keeps all', async () => {
  const delivery = await scene.accept(10);
  for (let each = 1; each <= 40; each += 1)
    await scene.queue.postpone(delivery, failedAt(later + each), later);
  const attempts = scene.trace(delivery.trackingId)[0]?.attempts ?? [];
  expect([attempts.length, attempts[0]?.at, attempts.at(-1)?.at]).toEqual([32, later + 9, later + 40]);
  expect(scene.queue.due(hr, later, 1, nobody)).toMatchObject([{ attempts: 40 }]);
});

test('a parked delivery keeps its password, waits for nobody, and is due at once when released', async () => {
  const delivery = await scene.accept(10);
  await scene.queue.postpone(delivery, failedAt(later), later);
  await scene.queue.park(delivery, failedAt(later), 6908, 'Ten tries failed');
  expect(scene.dueConnectors()).toEqual([]);
  expect(scene.queue.nextDueAt(hr, noon)).toBeUndefined();
  expect(scene.trace(delivery.trackingId)).toMatchObject([
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
  expect(scene.dueConnectors()).toEqual([]);
  expect(scene.trace(open.trackingId)).toMatchObject([{ state: 'parked', event: 7017, reason: 'Wait' }]);
  expect(scene.trace(parked.trackingId)).toMatchObject([{ state: 'parked', event: 6927 }]);
  expect(await scene.queue.release([open.id], later)).toBe(1);
  expect(scene.queue.due(hr, later, 1, nobody)).toEqual([open]);
});
