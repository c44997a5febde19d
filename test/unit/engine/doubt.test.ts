import { expect, test } from 'vitest';

import type { Attempt } from '#shared/model/change.ts';
import { EngineWorld, targetConnector } from '#test/engine-world.ts';

const timeout = 10_000;
const minute = 60_000;
const connector = targetConnector(1);

/** A first change whose write is lost, and a second one that is set. */
async function loseFirst(world: EngineWorld, landsAfter: number | undefined) {
  world.target.script = (_, password) =>
    password === 'New1'
      ? { kind: 'lose', ...(landsAfter === undefined ? {} : { landsAfter }) }
      : { kind: 'set' };
  await world.deliver('New1');
  return await world.deliver('New2');
}

test('after an attempt of unknown end the next success is settled only once it is confirmed', async () => {
  const world = await EngineWorld.start();
  const second = await loseFirst(world, undefined);
  expect(second).toMatchObject({ state: 'waiting', log: [{ result: 'success' }] });
  await world.clock.move(timeout);
  expect(second).toMatchObject({ outcome: 'delivered', verification: 'verified' });
  expect([world.target.sets, world.numbers.includes(7016)]).toEqual([2, false]);
});

test('a lost write that lands late is found and put right, with event 7016', async () => {
  const world = await EngineWorld.start();
  const second = await loseFirst(world, timeout - 1);
  await world.clock.move(timeout - 1);
  expect(world.target.passwords.get(connector)).toBe('New1');
  await world.clock.move(1);
  expect(world.target.passwords.get(connector)).toBe('New2');
  expect(second.outcome).toBe('delivered');
  expect(world.numbers).toContain(7016);
});

test.each([
  ['no proof is possible', { verify: true }],
  ['proofs are switched off', { verify: false }],
])('where %s the password is set again instead', async (_, password) => {
  const world = await EngineWorld.start({ password });
  world.target.proof = () => ({ verdict: 'not-possible', reason: 'No safe proof' });
  const second = await loseFirst(world, timeout - 1);
  await world.clock.move(timeout);
  expect(second.outcome).toBe('delivered');
  expect(world.target.writes.map((write) => write.password)).toEqual(['New2', 'New1', 'New2']);
});

test('a confirmation that is released too early sets once more and still comes in time', async () => {
  const world = await EngineWorld.start();
  const second = await loseFirst(world, timeout - 1);
  await world.clock.move(1000);
  await world.engine.release([second.id]);
  await world.clock.move(1);
  expect([second.state, world.target.sets]).toEqual(['waiting', 3]);
  await world.clock.move(2 * timeout);
  expect([second.outcome, world.target.passwords.get(connector)]).toEqual(['delivered', 'New2']);
});

test('a lost write of the same password does no harm and delays nothing', async () => {
  const world = await EngineWorld.start();
  let tries = 0;
  world.target.script = () => {
    tries += 1;
    return tries === 1 ? { kind: 'lose', landsAfter: minute + 5 } : { kind: 'set' };
  };
  const delivery = await world.deliver('New1');
  await world.clock.move(minute);
  expect(delivery).toMatchObject({ outcome: 'delivered', attempts: 2 });
});

test('but it threatens a newer password, until the target has answered for one operation timeout', async () => {
  const world = await EngineWorld.start();
  let tries = 0;
  world.target.script = () => {
    tries += 1;
    return tries === 1 ? { kind: 'lose' } : { kind: 'set' };
  };
  await world.deliver('New1');
  await world.clock.move(minute);
  expect(await world.deliver('New2')).toMatchObject({ state: 'waiting' });
  await world.clock.move(timeout + 1);
  expect(world.queue.deliveries.at(-1)).toMatchObject({ outcome: 'delivered' });
  expect(await world.deliver('New3')).toMatchObject({ outcome: 'delivered' });
});

test('a newer change takes the place of one that waits to be confirmed, and is confirmed itself', async () => {
  const world = await EngineWorld.start();
  const second = await loseFirst(world, timeout - 1);
  await world.clock.move(1000);
  const third = await world.deliver('New3');
  expect([second.outcome, third.state]).toEqual(['superseded', 'waiting']);
  await world.clock.move(timeout);
  expect(third.outcome).toBe('delivered');
  expect(world.target.passwords.get(connector)).toBe('New3');
});

test('a target that was stopped and works off old requests when it goes on does not win', async () => {
  const world = await EngineWorld.start({ password: { retryInterval: 3600, operationTimeout: 10 } });
  const frozen: (() => void)[] = [];
  const { target } = world;
  target.script = (at, password) => {
    frozen.push(() => {
      target.writes.push({ at: world.clock.now(), connector: at.id, password });
      target.passwords.set(at.id, password);
    });
    return { kind: 'hang' };
  };
  await world.deliver('New1');
  await world.clock.move(12 * minute);
  world.target.script = () => ({ kind: 'set' });
  const second = await world.deliver('New2');
  await world.clock.move(100);
  for (const write of frozen) write();
  expect(target.passwords.get(connector)).toBe('New1');
  await world.clock.move(timeout);
  expect([second.outcome, target.passwords.get(connector)]).toEqual(['delivered', 'New2']);
});

test('a refusal by history after a lost write is a success where the password is proven', async () => {
  const world = await EngineWorld.start();
  let tries = 0;
  world.target.script = () => {
    tries += 1;
    if (tries === 1) return { kind: 'lose', landsAfter: 1 };
    return { kind: 'fail', word: 'new-password-violate-policy' };
  };
  const delivery = await world.deliver('New1');
  await world.clock.move(minute);
  expect(delivery).toMatchObject({ outcome: 'delivered', verification: 'verified' });
});

test('a refusal by policy without a lost write stays one', async () => {
  const world = await EngineWorld.start();
  world.target.passwords.set(connector, 'New1');
  world.target.script = () => ({ kind: 'fail', word: 'new-password-violate-policy' });
  expect(await world.deliver('New1')).toMatchObject({ outcome: 'refused', event: 6927 });
});

test('a confirmation that fails is tried again like any other attempt', async () => {
  const world = await EngineWorld.start();
  const second = await loseFirst(world, timeout - 1);
  world.target.script = () => ({ kind: 'fail', word: 'server-busy' });
  await world.clock.move(timeout);
  expect(second.log.map(({ result }: Attempt) => result)).toEqual(['success', 'server-busy']);
  world.target.script = () => ({ kind: 'set' });
  await world.clock.move(minute);
  expect([second.outcome, world.target.passwords.get(connector)]).toEqual(['delivered', 'New2']);
});

test('what the last process left at work is taken to land late, and confirmed against', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'hang', landsAfter: 5000 });
  await world.deliver('New1');
  world.kill();
  world.target.script = () => ({ kind: 'set' });
  world.configureTarget({ hold: true });
  await world.engine.start();
  const second = await world.deliver('New2');
  world.configureTarget({ hold: false });
  await world.clock.move(1);
  expect(second).toMatchObject({ state: 'waiting', log: [{ result: 'success' }] });
  await world.clock.move(timeout);
  expect([second.outcome, world.target.passwords.get(connector)]).toEqual(['delivered', 'New2']);
  expect(world.numbers).toContain(7016);
});

test('what came after the restart does not hide what the last process left', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'hang', landsAfter: 5000 });
  await world.deliver('New1');
  world.kill();
  world.target.script = () => ({ kind: 'set', after: 1 });
  await world.engine.start();
  await world.receive('New2');
  const third = await world.deliver('New3');
  await world.clock.move(5000);
  expect(world.target.passwords.get(connector)).toBe('New1');
  await world.clock.move(2 * timeout);
  expect([third.outcome, world.target.passwords.get(connector)]).toEqual(['delivered', 'New3']);
});

test('a restart long after the last delivery confirms nothing', async () => {
  const world = await EngineWorld.start();
  await world.deliver('New1');
  await world.engine.stop();
  await world.clock.move(minute);
  await world.engine.start();
  expect(await world.deliver('New2')).toMatchObject({ outcome: 'delivered' });
});
