import { expect, test } from 'vitest';

import { EngineWorld } from '#test/engine-world.ts';

const minute = 60_000;

test('a target in shadow mode is asked whether it answers, and gets no password', async () => {
  const world = await EngineWorld.start({ password: { shadow: true, unlock: true } });
  const delivery = await world.deliver('New1');
  expect(delivery).toMatchObject({ state: 'settled', outcome: 'shadowed', attempts: 0 });
  const { sets, proofs, probes, writes } = world.target;
  expect({ sets, proofs, probes, writes }).toEqual({ sets: 0, proofs: 0, probes: 1, writes: [] });
  expect(world.numbers).toEqual([6903, 6907, 7018]);
  expect(world.observations.at(-1)).toMatchObject({ kind: 'settled', outcome: 'shadowed', event: 7018 });
  expect(world.seal.opened.every(({ wiped }) => wiped)).toBe(true);
  expect(world.queue.stampsOf(1).outgoing).toBeUndefined();
});

test('a shadowed change takes nothing from the live target beside it', async () => {
  const world = await EngineWorld.start({ targets: 2 });
  world.configureTarget({ shadow: true }, 1);
  await world.receive('New1');
  await world.clock.move(1);
  expect(world.queue.deliveries.map(({ outcome }) => outcome)).toEqual(['delivered', 'shadowed']);
  expect(world.targets.map(({ writes }) => writes.length)).toEqual([1, 0]);
});

test('a target that does not answer is tried again and parked in shadow mode as it is live', async () => {
  const world = await EngineWorld.start({ password: { shadow: true, retryCount: 2 } });
  world.target.answers = false;
  const delivery = await world.deliver('New1');
  expect(delivery).toMatchObject({ state: 'waiting', attempts: 1, log: [{ result: 'server-down' }] });
  await world.clock.move(minute);
  expect(delivery).toMatchObject({ state: 'parked' });
  expect(world.target.sets).toBe(0);
});

test('an answer in shadow mode keeps the circuit closed', async () => {
  const world = await EngineWorld.start({ people: 5, password: { shadow: true, retryCount: 100 } });
  for (const answers of [false, false, true, false, false]) {
    world.target.answers = answers;
    void world.receive('New1', { person: world.queue.deliveries.length + 1 });
    await world.clock.move(1);
  }
  expect(world.numbers).not.toContain(7002);
});

test('what waits is written when its target is switched to live, and the switch back ends that', async () => {
  const world = await EngineWorld.start({ people: 2, password: { shadow: true } });
  world.target.answers = false;
  const waiting = await world.deliver('New1');
  world.target.answers = true;
  world.configureTarget({ shadow: false });
  await world.clock.move(minute);
  expect(waiting).toMatchObject({ outcome: 'delivered' });
  world.configureTarget({ shadow: true });
  await world.receive('New2', { person: 2 });
  await world.clock.move(1);
  expect(world.queue.deliveries.at(-1)).toMatchObject({ outcome: 'shadowed' });
  expect(world.target.writes.map(({ password }) => password)).toEqual(['New1']);
});

test('the next live write does not wait for what shadow mode ended', async () => {
  const world = await EngineWorld.start({ password: { shadow: true } });
  await world.deliver('New1');
  world.configureTarget({ shadow: false });
  await world.receive('New2');
  await world.clock.move(1);
  expect(world.queue.deliveries.at(-1)).toMatchObject({ outcome: 'delivered', attempts: 1 });
});
