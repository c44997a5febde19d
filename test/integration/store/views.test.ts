import { afterEach, beforeEach, expect, test } from 'vitest';

import type { EngineEvent } from '#engine/event-sink.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { makeBackup } from '#store/backups.ts';
import { ChangeStore } from '#store/change-store.ts';
import { EventStore } from '#store/event-store.ts';
import { QueueView } from '#store/queue-view.ts';
import { restoreStore } from '#store/restore-store.ts';
import { failedAt, hr, later, mail, nobody, noon, QueueScene, waiting } from '#test/queue-scene.ts';
import { noteRaised } from '#test/raised-events.ts';

let scene: QueueScene;

beforeEach(() => {
  scene = new QueueScene();
});

afterEach(() => scene[Symbol.asyncDispose]());

/** Five changes of `ada` and `bob`: waiting, parked, delivered; one for `mail`. */
async function fill(): Promise<void> {
  const { queue } = scene;
  await scene.accept(10);
  await queue.park(await scene.accept(11), failedAt(later), 6927, 'Breaks the policy');
  await queue.settle(await scene.accept(12), { outcome: 'delivered', event: 6902, at: later });
  const bob = scene.change([], { deliveries: [waiting(20, mail)] });
  await queue.accept({ ...bob, change: { ...bob.change, account: 'Bob' } });
  const other = scene.change([13]);
  await queue.accept({ ...other, change: { ...other.change, domain: 'CONTOSO' } });
}

test('the queue is listed page by page and by state, target and account', async () => {
  await fill();
  const view = new QueueView(scene.database);
  const first = view.list({ after: 0, limit: 3 });
  expect(first).toMatchObject({
    total: 4,
    rows: [{ state: 'waiting' }, { state: 'parked' }, { target: mail }],
  });
  const second = view.list({ after: first.next ?? 0, limit: 3 });
  expect(second.rows.map((row) => row.account)).toEqual(['CONTOSO\\ada']);
  expect(second.next).toBeUndefined();
  const count = (filter: object) => {
    const { rows, total } = view.list({ after: 0, limit: 10, ...filter });
    expect(total).toBe(rows.length);
    return total;
  };
  expect(count({ state: 'waiting' })).toBe(3);
  expect(count({ state: 'parked', target: hr })).toBe(1);
  expect(count({ target: mail })).toBe(1);
  expect(count({ account: 'ADA' })).toBe(3);
  expect(count({ account: 'contoso\\ada' })).toBe(1);
  expect(count({ account: 'ada', state: 'parked' })).toBe(1);
  expect(count({ account: 'nobody' })).toBe(0);
});

test('ended deliveries are found by part of an account, by target and by outcome, newest first', async () => {
  await fill();
  await scene.queue.settle(await scene.accept(14), { outcome: 'refused', event: 6923, at: later });
  const changes = new ChangeStore(scene.database);
  const outcomes = (filter: object) => changes.ended({ limit: 10, ...filter }).map(({ outcome }) => outcome);
  expect(outcomes({})).toEqual(['refused', 'delivered']);
  expect(outcomes({ person: 'AD' })).toEqual(['refused', 'delivered']);
  expect(outcomes({ person: '\\ada', outcome: 'delivered' })).toEqual(['delivered']);
  expect(outcomes({ target: mail })).toEqual([]);
  expect(outcomes({ target: hr, limit: 1 })).toEqual(['refused']);
  expect(outcomes({ person: 'nobody' })).toEqual([]);
});

test('a listed delivery says why it is parked and how the last try ended', async () => {
  await fill();
  const [row] = new QueueView(scene.database).list({ state: 'parked', after: 0, limit: 1 }).rows;
  expect(row).toMatchObject({
    attempts: 1,
    last: failedAt(later),
    parked: { event: 6927, reason: 'Breaks the policy' },
    nextAttemptAt: undefined,
  });
});

test('depth, age and outcomes are counted per target as deliveries come and go', async () => {
  await fill();
  const view = new QueueView(scene.database);
  expect(view.depths()).toEqual([
    { target: hr, waiting: 2, parked: 1, oldestReceivedAt: noon + 1 },
    { target: mail, waiting: 1, parked: 0, oldestReceivedAt: noon + 4 },
  ]);
  await scene.accept(10);
  await scene.queue.purge(hr, 'Queue purged', later);
  expect(view.depths()).toMatchObject([
    { target: hr, waiting: 0, parked: 0, oldestReceivedAt: undefined },
    { target: mail, waiting: 1 },
  ]);
  expect(view.tallies().map(({ target, outcome, count }) => [target, outcome, count])).toEqual([
    [hr, 'cancelled', 3],
    [hr, 'delivered', 1],
    [hr, 'superseded', 1],
  ]);
});

test('changes are listed newest first and found by account', async () => {
  await fill();
  const changes = new ChangeStore(scene.database);
  expect(changes.list({ limit: 2 }).map((change) => change.sequence)).toEqual([5, 4]);
  expect(changes.list({ before: 4, limit: 9 }).map((change) => change.sequence)).toEqual([3, 2, 1]);
  expect(changes.list({ account: 'bob', limit: 9 }).map((change) => change.account)).toEqual([
    'FABRIKAM\\Bob',
  ]);
  expect(changes.list({ account: 'CONTOSO\\ada', limit: 9 })).toHaveLength(1);
  expect(changes.historyOfAccount('ada', 9)).toMatchObject([{ outcome: 'delivered', connector: 12 }]);
  expect(changes.historyOfAccount('CONTOSO\\ada', 9)).toEqual([]);
});

test('a trace holds the change, its hops and every delivery', async () => {
  const change = scene.change([], { deliveries: [waiting(10), waiting(20, mail)] });
  await scene.queue.accept(change);
  const trace = new ChangeStore(scene.database).trace(change.change.trackingId);
  // When it was seen and sent are hops of the engine's, not facts of the change.
  const { queuedAt: _, sentAt: __, ...recorded } = change.change;
  expect(trace).toMatchObject({
    change: recorded,
    hops: change.hops,
    person: 7,
    deliveries: [
      { target: hr, state: 'waiting', nextAttemptAt: change.receivedAt },
      { target: mail, state: 'waiting' },
    ],
  });
  expect(new ChangeStore(scene.database).trace('none' as TrackingId)).toBeUndefined();
});

test('a refused change says why it went nowhere', async () => {
  const change = scene.change([], { refusal: { event: 6926, reason: 'Not a source' }, source: undefined });
  await scene.queue.accept(change);
  expect(new ChangeStore(scene.database).list({ limit: 1 })).toMatchObject([
    { refusal: { event: 6926, reason: 'Not a source' } },
  ]);
});

test('old changes are forgotten once they ended, however many, and open ones stay', async () => {
  const count = 1100;
  const open = await scene.accept(9, { receivedAt: noon });
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      scene.queue.accept(scene.change([100 + index], { receivedAt: noon })),
    ),
  );
  await scene.queue.cancel(
    scene.queue.due(hr, later, count + 1, new Set([9])).map((delivery) => delivery.id),
    'Cancelled',
    later,
  );
  const fresh = scene.change([], { receivedAt: later });
  await scene.queue.accept(fresh);
  const changes = new ChangeStore(scene.database);
  expect(await changes.prune(later)).toBe(count);
  expect(changes.list({ limit: 9 }).map((change) => change.trackingId)).toEqual([
    fresh.change.trackingId,
    open.trackingId,
  ]);
  expect(scene.database.get('SELECT count(*) AS n FROM delivery')).toEqual({ n: 1 });
});

function event(number: number, given: Partial<EngineEvent> = {}) {
  return {
    number,
    at: noon + number,
    message: `Event ${number}`,
    source: 'Carillon',
    severity: 'information',
    ...given,
  } as const;
}

test('events are found by what they are about, newest first, and paged both ways', async () => {
  const log = new EventStore(scene.database);
  await log.append(event(1, { account: 'FABRIKAM\\ada', agent: hr }));
  await log.append({ ...event(2, { trackingId: 'abc' as TrackingId }), severity: 'error' });
  const third = await log.append(event(3));
  const numbers = (filter: object) => log.list({ limit: 9, ...filter }).map((entry) => entry.number);
  expect(numbers({})).toEqual([3, 2, 1]);
  expect(numbers({ limit: 1 })).toEqual([3]);
  expect(numbers({ before: third.id })).toEqual([2, 1]);
  expect(numbers({ after: 1 })).toEqual([3, 2]);
  expect(numbers({ number: 2 })).toEqual([2]);
  expect(numbers({ severity: 'error' })).toEqual([2]);
  expect(numbers({ trackingId: 'abc' })).toEqual([2]);
  expect(numbers({ account: 'fabrikam\\ADA', agent: hr })).toEqual([1]);
  expect(log.list({ number: 3, limit: 1 })).toEqual([third]);
});

test('the event log is a ring and forgets by age', async () => {
  const log = new EventStore(scene.database, 10);
  for (let number = 1; number <= 25; number += 1) await log.append(event(number));
  expect(log.list({ limit: 99 }).map((entry) => entry.number)).toEqual([
    25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
  ]);
  expect(await log.prune(noon + 20)).toBe(4);
  expect(await log.prune(later)).toBe(5);
  const next = await log.append(event(26));
  expect(next.id).toBe(26);
});

test('what waited in a restored backup is parked, since the target may hold a newer password', async () => {
  const old = await scene.accept(10);
  const backup = await makeBackup(scene.database, noon, 7);
  const newer = await scene.accept(10);
  await scene.queue.settle(newer, { outcome: 'delivered', event: 6902, at: later });
  await scene.database.close();
  const restored = restoreStore(scene.path, later, 7050);
  expect(restored).toMatchObject({ from: backup.file, parked: 1 });
  await scene.reopen();
  expect(scene.queue.due(hr, later, 9, nobody)).toEqual([]);
  const [delivery] = new ChangeStore(scene.database).trace(old.trackingId)?.deliveries ?? [];
  expect(delivery).toMatchObject({ state: 'parked', event: 7050 });
  const [told] = new EventStore(scene.database).list({ limit: 1 });
  expect(told).toMatchObject({ number: 7050, severity: 'warning', message: expect.stringMatching(/: 1$/) });
  noteRaised(told?.number);
  expect(new QueueView(scene.database).depths()).toMatchObject([{ waiting: 0, parked: 1 }]);
  expect(await scene.queue.release([old.id], later)).toBe(1);
});
