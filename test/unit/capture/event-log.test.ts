import { afterEach, beforeEach, expect, test } from 'vitest';

import { EventStore } from '#store/event-store.ts';

import { type CaptureWorld, createCaptureWorld, guidOf, makeTarget } from './capture-world.ts';

let world: CaptureWorld;

beforeEach(async () => {
  world = await createCaptureWorld();
});
afterEach(() => world.close());

const stored = () => new EventStore(world.database).list({ limit: 10 }).map(({ number }) => number);
const changes = () => world.database.all('SELECT sequence FROM change').length;

test('a change and the event that tells of its end are written together', async () => {
  const row = await world.hold('jdoe', 'Secret-1');
  await world.queue.discard(row.sequence, [{ number: 7020, message: 'Refused' }]);
  expect([changes(), stored(), world.events.map(({ number }) => number)]).toEqual([0, [7020], [7020]]);
});

test('a change whose end cannot be told stays, and the journal tells nothing', async () => {
  const row = await world.hold('jdoe', 'Secret-1');
  await expect(world.queue.discard(row.sequence, [{ number: 1, message: 'No event' }])).rejects.toThrow();
  expect([changes(), stored(), world.events]).toEqual([1, [], []]);
});

test('a newer change that cannot be told takes no older one away', async () => {
  const target = makeTarget({ name: 'MIM' });
  const older = await world.admit('jdoe', 'Secret-1', [target]);
  const newer = await world.hold('jdoe', 'Secret-2');
  const admission = {
    account: 'jdoe',
    objectGuid: guidOf('jdoe'),
    committedAt: world.clock.now(),
    queuedAt: world.clock.now(),
    version: 9,
    targets: [{ guid: target.guid, state: 'waiting' as const }],
  };
  const admitting = world.queue.admit(newer.sequence, admission, 0, ({ superseded }) => {
    expect(superseded.map(({ trackingId }) => trackingId)).toEqual([older.trackingId]);
    throw new Error('no room for the event');
  });
  await expect(admitting).rejects.toThrow('no room for the event');
  expect(world.database.all<{ sequence: number }>('SELECT sequence FROM delivery')).toEqual([
    { sequence: older.sequence },
  ]);
});
