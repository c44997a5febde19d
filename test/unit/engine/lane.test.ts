import { expect, test } from 'vitest';

import { settled } from '#test/engine-clock.ts';
import { EngineWorld, targetConnector, targetId } from '#test/engine-world.ts';

const minute = 60_000;

test.each([
  [1, 4],
  [3, 12],
])(
  'with %i a connection, four connections carry %i deliveries, and one for a connector',
  async (each, most) => {
    const world = new EngineWorld({ people: 50, password: { concurrency: 4 } });
    world.target.deliveriesPerConnection = each;
    await world.engine.start();
    world.target.script = () => ({ kind: 'set', after: 10 });
    for (let round = 0; round < 3; round += 1)
      for (let person = 1; person <= 50; person += 1) void world.receive(`New${round}`, { person });
    await world.clock.move(5000);
    expect([world.target.mostAtWork, world.target.mostOnOne]).toEqual([most, 1]);
    expect(new Set(world.target.passwords.values())).toEqual(new Set(['New2']));
    expect(world.queue.deliveries.filter(({ state }) => state !== 'settled')).toEqual([]);
  },
);

test('a newer change waits for the attempt at work, and takes the place of all others', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'set', after: 100 });
  await world.receive('New1');
  await world.receive('New2');
  await world.receive('New3');
  await world.clock.move(300);
  expect(world.target.writes.map(({ password }) => password)).toEqual(['New1', 'New3']);
  expect(world.queue.deliveries.map(({ outcome }) => outcome)).toEqual([
    'superseded',
    'superseded',
    'delivered',
  ]);
});

test('a slow and a dead target delay no other', async () => {
  const world = await EngineWorld.start({ targets: 3, people: 100, password: { concurrency: 2 } });
  const [slow, dead, quick] = world.targets;
  if (slow === undefined || dead === undefined || quick === undefined) throw new Error('Three targets');
  slow.script = () => ({ kind: 'set', after: 1000 });
  dead.script = () => ({ kind: 'hang' });
  quick.script = () => ({ kind: 'set', after: 1 });
  for (let person = 1; person <= 100; person += 1) void world.receive('New1', { person });
  await world.clock.move(60);
  expect(quick.writes.length).toBe(100);
  expect(slow.writes.length).toBe(0);
});

test('an operation that takes too long is told to end, and counts as of unknown end', async () => {
  const world = await EngineWorld.start({ password: { operationTimeout: 3 } });
  world.target.script = () => ({ kind: 'hang' });
  const delivery = await world.deliver('New1');
  await world.clock.move(2999);
  expect(world.target.signals[0]?.aborted).toBe(false);
  await world.clock.move(1);
  expect(delivery.log).toMatchObject([{ result: 'timeout', ms: 3000, event: 6901 }]);
});

test('an operation that does not end when it is told to is left to itself, with its password', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'ignore' });
  const delivery = await world.deliver('New1');
  await world.clock.move(12_000);
  expect(delivery.log).toMatchObject([{ result: 'timeout' }]);
  expect(world.engine.working(targetId(0))).toBe(0);
  expect(world.target.secrets[0]?.wiped).toBe(false);
});

test('set and proof have the time limit each', async () => {
  const world = await EngineWorld.start({ password: { operationTimeout: 3 } });
  world.target.script = () => ({ kind: 'set', after: 2500 });
  world.target.verifyPassword = async () => {
    await world.clock.sleep(2500);
    return { verdict: 'verified' };
  };
  const delivery = await world.deliver('New1');
  await world.clock.move(5000);
  expect(delivery).toMatchObject({ outcome: 'delivered', log: [{ ms: 5000 }] });
  expect(world.observations.find(({ kind }) => kind === 'attempted')).toMatchObject({
    timings: { setMs: 2500, verifyMs: 2500 },
  });
});

test('a held target collects deliveries and drains them newest only when it goes on', async () => {
  const world = await EngineWorld.start({ people: 3 });
  world.configureTarget({ hold: true });
  for (const password of ['New1', 'New2'])
    for (let person = 1; person <= 3; person += 1) await world.deliver(password, { person });
  await world.clock.move(minute);
  expect(world.target.sets).toBe(0);
  world.configureTarget({ hold: false });
  await settled();
  expect([...world.target.passwords.values()]).toEqual(['New2', 'New2', 'New2']);
  expect(world.target.sets).toBe(3);
});

test('what waits for a target that is disabled stays, and drains when it is enabled', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'fail', word: 'server-busy' });
  const delivery = await world.deliver('New1');
  world.configureTarget({ enabled: false });
  await world.clock.move(10 * minute);
  expect(delivery).toMatchObject({ state: 'waiting', attempts: 1 });
  world.target.script = () => ({ kind: 'set' });
  world.configureTarget({ enabled: true });
  await settled();
  expect(delivery.outcome).toBe('delivered');
});

test('a delivery that waits too long expires with its own event, whether it waits, is held or is parked', async () => {
  const world = await EngineWorld.start({ people: 2, password: { retryCount: 1 } });
  world.configure(({ passwordSync }) => {
    passwordSync.maxQueueAge = 3600;
  });
  world.target.script = () => ({ kind: 'fail', word: 'access-denied' });
  const parked = await world.deliver('New1');
  world.configureTarget({ hold: true });
  const held = await world.deliver('New2', { person: 2 });
  await world.clock.move(3_600_000);
  for (const delivery of [parked, held])
    expect(delivery).toMatchObject({ outcome: 'expired', event: 7005, sealed: undefined });
  expect(world.events.filter(({ number }) => number === 7005).map(({ account }) => account)).toEqual([
    'FABRIKAM\\person1',
    'FABRIKAM\\person2',
  ]);
});

test('a cancelled delivery is not written, a purge ends those of one target', async () => {
  const world = await EngineWorld.start({ targets: 2, people: 2 });
  for (const index of [0, 1]) world.configureTarget({ hold: true }, index);
  const first = await world.deliver('New1');
  await world.deliver('New2', { person: 2 });
  expect(await world.engine.cancel([first.id], 'Left the company')).toBe(1);
  expect(await world.engine.purge(targetId(0), 'Moved')).toBe(2);
  for (const index of [0, 1]) world.configureTarget({ hold: false }, index);
  await settled();
  expect(world.targets.map(({ sets }) => sets)).toEqual([0, 1]);
  expect(world.numbers.filter((number) => number === 7007)).toHaveLength(2);
});

test('a delivery that was taken from the queue and then cancelled is not written', async () => {
  const world = await EngineWorld.start({ people: 10, password: { concurrency: 1 } });
  world.target.script = () => ({ kind: 'set', after: 100 });
  for (let person = 1; person <= 10; person += 1) void world.receive('New1', { person });
  await world.clock.move(10);
  await world.engine.purge(undefined, 'Stop');
  await world.clock.move(minute);
  expect(world.target.sets).toBe(1);
});

test('a store that fails pauses the lane with one event, and nothing is lost', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'set', after: 10 });
  const delivery = await world.deliver('New1');
  world.queue.failure = new Error('disk full');
  await world.clock.move(30_000);
  expect(delivery.state).toBe('waiting');
  expect(world.target.sets).toBeLessThan(5);
  world.queue.failure = undefined;
  await world.clock.move(minute);
  expect(delivery.outcome).toBe('delivered');
  expect(world.numbers.filter((number) => number === 6905)).toHaveLength(1);
});

test('an idle engine has no timer but the one of the next expiry, and asks the queue nothing', async () => {
  const world = await EngineWorld.start({ targets: 3, people: 10 });
  const { asked } = world.queue;
  for (let person = 1; person <= 10; person += 1) await world.deliver('New1', { person });
  expect(world.queue.asked).toBe(asked);
  await world.clock.move(10 * minute);
  expect(world.clock.waiting).toBeLessThanOrEqual(1);
  await world.clock.move(100 * 3_600_000);
  expect(world.clock.waiting).toBe(0);
});

test('a backlog is worked off in windows, in order of receipt', async () => {
  const people = 300;
  const world = await EngineWorld.start({ people, password: { concurrency: 1, verify: false } });
  world.configureTarget({ hold: true });
  for (let person = 1; person <= people; person += 1) {
    await world.receive('New1', { person });
    await world.clock.move(1);
  }
  const { asked } = world.queue;
  world.configureTarget({ hold: false });
  for (let turn = 0; turn < 200 && world.target.sets < people; turn += 1) await settled();
  expect(world.target.writes.map(({ connector }) => connector)).toEqual(
    Array.from({ length: people }, (_, index) => targetConnector(index + 1)),
  );
  expect(world.queue.asked - asked).toBeLessThan(10);
});

test('a clock that is set back does not keep a delivery from its next try', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'fail', word: 'server-busy' });
  const delivery = await world.deliver('New1');
  world.target.script = () => ({ kind: 'set' });
  await world.clock.move(minute / 2);
  world.clock.adjust(-3_600_000);
  await world.clock.move(minute / 2);
  expect(delivery.outcome).toBe('delivered');
});

test('starting and stopping twice does what once does; a stopped engine begins nothing', async () => {
  const world = await EngineWorld.start();
  await Promise.all([world.engine.start(), world.engine.start()]);
  await world.deliver('New1');
  expect(world.target.sets).toBe(1);
  world.configureTarget({ hold: true });
  await world.deliver('New2');
  await Promise.all([world.engine.stop(), world.engine.stop()]);
  world.configureTarget({ hold: false });
  await settled();
  expect([world.target.sets, world.clock.waiting]).toEqual([1, 0]);
  await world.engine.start();
  await settled();
  expect(world.target.passwords.get(targetConnector(1))).toBe('New2');
});

test('stopping waits for what runs, and tells it to end after a while', async () => {
  const world = await EngineWorld.start({ password: { operationTimeout: 600 } });
  world.target.script = () => ({ kind: 'hang' });
  const delivery = await world.deliver('New1');
  let stopped = false;
  const stopping = world.engine.stop().then(() => {
    stopped = true;
  });
  await world.clock.move(4999);
  expect(stopped).toBe(false);
  await world.clock.move(1);
  await stopping;
  expect(delivery).toMatchObject({ state: 'waiting', log: [{ result: 'timeout' }] });
});
