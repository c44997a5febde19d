import { expect, test } from 'vitest';

import { EventLog } from '#host/event-log.ts';
import { createEventHandlers } from '#host/handlers/events.ts';
import { Log } from '#host/log/log.ts';
import type { Metrics } from '#host/metrics/metrics.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import type { Call } from '#shared/rpc/contract.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { EventStore } from '#store/event-store.ts';
import { noon, QueueScene } from '#test/queue-scene.ts';
import { noteRaised } from '#test/raised-events.ts';

test('a failure that nobody expected is 7038 in the log, the store, the metrics and for whoever follows', async () => {
  await using scene = new QueueScene();
  const lines: string[] = [];
  const counted: number[] = [];
  const followed: unknown[] = [];
  const log = new Log(1, { write: (text) => lines.push(text), close: () => {} });
  const topics = new Topics(carillonContract);
  topics.subscribe('events.logged', (event) => followed.push(event));
  const store = new EventStore(scene.database);
  const metrics: Pick<Metrics, 'countEvent'> = { countEvent: (number) => counted.push(number) };
  const events = new EventLog({ events: store, log, metrics, topics });
  events.reportFailure(new Error('The keys could not be tended', { cause: new Error('EIO') }), noon);
  await events.settled();
  log.flush();
  const entry = {
    number: 7038,
    severity: 'error',
    message: 'An internal failure: The keys could not be tended',
  };
  expect(store.list({ limit: 5 })).toMatchObject([entry]);
  expect(followed).toMatchObject([entry]);
  expect(counted).toEqual([7038]);
  noteRaised(7038);
  expect(lines.join('')).toContain('EIO');
});

test('an answer has every event that was told before the question, whatever the disk is still doing', async () => {
  await using scene = new QueueScene();
  const store = new EventStore(scene.database);
  const events = new EventLog({
    events: store,
    log: new Log(1, { write: () => {}, close: () => {} }),
    metrics: { countEvent: () => {} },
    topics: new Topics(carillonContract),
  });
  const noAgent = { resolve: () => expect.unreachable('No agent is asked for') };
  const answers = createEventHandlers(noAgent, store, () => events.settled());
  const call: Call = { access: 'browse', caller: 'test', signal: new AbortController().signal };
  events.record({ number: 7030, at: noon, message: 'first' });
  expect(store.count()).toBe(0);
  expect(await answers['events.count']({}, call)).toEqual({ count: 1 });
  events.record({ number: 7031, at: noon, message: 'second' });
  expect(store.count()).toBe(1);
  const listed = await answers['events.list']({ limit: 5 }, call);
  expect(listed.map(({ message }) => message)).toEqual(['second', 'first']);
});
