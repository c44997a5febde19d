import { expect, test } from 'vitest';

import { EngineWorld, targetId } from '#test/engine-world.ts';

const minute = 60_000;

async function startDead(people = 10): Promise<EngineWorld> {
  const world = await EngineWorld.start({ people, password: { concurrency: 1 } });
  world.target.answers = false;
  for (let person = 1; person <= people; person += 1) await world.deliver('New1', { person });
  return world;
}

test('three outages in a row open the circuit, and what waits then uses up no attempts', async () => {
  const world = await startDead();
  expect([world.target.sets, world.engine.breakerOf(targetId(0))]).toEqual([3, 'open']);
  await world.clock.move(24 * 60 * minute);
  expect(world.target.sets).toBe(3);
  expect(world.queue.deliveries.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(world.numbers.filter((number) => number === 7002)).toHaveLength(1);
});

test('probes come after the retry interval, then ever more rarely, at least every five minutes', async () => {
  const world = await startDead();
  const at: number[] = [];
  const begin = world.clock.now();
  for (let seconds = 0; seconds < 20 * 60; seconds += 1) {
    const { probes } = world.target;
    await world.clock.move(1000);
    if (world.target.probes > probes) at.push((world.clock.now() - begin) / minute);
  }
  expect(at).toEqual([1, 3, 7, 12, 17]);
});

test('a probe that succeeds closes the circuit, tells of it, and drains the lane', async () => {
  const world = await startDead();
  await world.clock.move(30_000);
  world.target.answers = true;
  await world.clock.move(30_000);
  expect(world.engine.breakerOf(targetId(0))).toBe('closed');
  expect(world.numbers.filter((number) => number === 7003)).toHaveLength(1);
  expect(world.target.writes).toHaveLength(10);
  const states = world.observations.flatMap((seen) => (seen.kind === 'breaker' ? [seen.state] : []));
  expect(states).toEqual(['open', 'half-open', 'closed']);
});

test('new settings and a release ask the target at once', async () => {
  const world = await startDead();
  world.target.answers = true;
  const [first] = world.queue.deliveries;
  await world.engine.release([first?.id ?? 0]);
  await world.clock.move(0);
  expect(first?.outcome).toBe('delivered');
  const other = await startDead();
  other.target.answers = true;
  other.configureTarget({ retryInterval: 30 });
  await other.clock.move(0);
  expect(other.engine.breakerOf(targetId(0))).toBe('closed');
});

test('failures of single objects do not open it, and any answer ends a row of outages', async () => {
  const world = await EngineWorld.start({ people: 9 });
  world.target.script = ({ id }) =>
    (id / 1000) % 3 < 1 ? { kind: 'fail', word: 'object-locked' } : { kind: 'fail', word: 'server-down' };
  for (let person = 1; person <= 9; person += 1) await world.deliver('New1', { person });
  expect(world.engine.breakerOf(targetId(0))).toBe('closed');
});

test('deliveries that were at work when it opened count as failures of their own', async () => {
  const world = await EngineWorld.start({ people: 8, password: { operationTimeout: 2 } });
  world.target.script = () => ({ kind: 'hang' });
  for (let person = 1; person <= 8; person += 1) void world.receive('New1', { person });
  await world.clock.move(2000);
  expect(world.queue.deliveries.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(world.engine.breakerOf(targetId(0))).toBe('open');
});

test('a probe that hangs is told to end, and the next one follows', async () => {
  const world = await startDead();
  world.target.probe = async (signal?: AbortSignal) => {
    world.target.probes += 1;
    await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  };
  await world.clock.move(minute + 10_000 + 2 * minute);
  expect(world.target.probes).toBe(2);
});

test('a stopped engine probes no more', async () => {
  const world = await startDead();
  await world.engine.stop();
  await world.clock.move(60 * minute);
  expect([world.target.probes, world.clock.waiting]).toEqual([0, 0]);
});
