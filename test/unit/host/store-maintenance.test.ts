import { expect, test } from 'vitest';

import { StoreMaintenance } from '#host/store-maintenance.ts';
import { backupsOf } from '#store/backups.ts';
import { ChangeStore } from '#store/change-store.ts';
import { EventStore } from '#store/event-store.ts';
import { QueueScene } from '#test/queue-scene.ts';

import { MovedClock } from '../capture/moved-clock.ts';

const day = 86_400_000;

test('a backup is made every day, and changes and events are forgotten after their time', async () => {
  await using scene = new QueueScene();
  const clock = new MovedClock();
  const events = new EventStore(scene.database);
  const changes = new ChangeStore(scene.database);
  const problems: unknown[] = [];
  const note = (at: number, message: string) =>
    events.append({ at, number: 7030, source: 'Carillon', severity: 'information', message });
  const delivery = await scene.accept(1, { receivedAt: clock.now() });
  await scene.queue.cancel([delivery.id], 'No longer wanted', clock.now());
  // The newest change always stays: sequences count on from it.
  const newest = await scene.accept(2, { receivedAt: clock.now() });
  await note(clock.now(), 'old');
  await note(clock.now() + 3 * day, 'new');
  const maintenance = new StoreMaintenance({
    database: scene.database,
    changes,
    events,
    clock,
    keepDays: () => 2,
    report: (error) => problems.push(error),
  });
  maintenance.start();
  await clock.move(3_600_000);
  await expect.poll(() => backupsOf(scene.path).length).toBe(1);
  expect(events.list({ limit: 10 })).toHaveLength(2);
  await clock.move(2 * day);
  await maintenance.stop();
  expect(problems).toEqual([]);
  expect(changes.list({ limit: 10 }).map(({ sequence }) => sequence)).toEqual([newest.sequence]);
  expect(events.list({ limit: 10 }).map(({ message }) => message)).toEqual(['new']);
});
