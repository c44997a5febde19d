import { expect, test } from 'vitest';

import { settled } from '#test/engine-clock.ts';
import { EngineWorld, source, sourceConnector, targetConnector, targetId } from '#test/engine-world.ts';

/** A second directory that is a source too, and sends to the first. */
async function startTwoWay(): Promise<EngineWorld> {
  const world = await EngineWorld.start({ targets: 2 });
  world.configure(({ agents }) => {
    const [first, second] = agents;
    if (first === undefined || second === undefined) return;
    const passwordSource = { enabled: true, domain: 'OTHER', targets: [source, targetId(1)] };
    second.partitions = [{ dn: 'dc=target', include: [], exclude: [], passwordSource }];
    first.password.enabled = false;
  });
  return world;
}

const other = (world: EngineWorld) => ({
  domain: 'OTHER',
  objectGuid: `anchor-${targetConnector(1)}`,
  committedAt: world.clock.now(),
});

test('a change that carries what was just written to its object is an echo, refused with 7008', async () => {
  const world = await startTwoWay();
  await world.deliver('New1');
  await world.clock.move(1000);
  expect(await world.receive('New1', other(world))).toMatchObject({ status: 'refused', event: 7008 });
});

test('a real change of an object that was just written is passed on', async () => {
  const world = await startTwoWay();
  await world.deliver('New1');
  await world.clock.move(1000);
  expect(await world.receive('New2', other(world))).toMatchObject({ status: 'accepted' });
});

test('after the damping window the same password is a change again', async () => {
  const world = await startTwoWay();
  await world.deliver('New1');
  await world.clock.move(600_001);
  expect(await world.receive('New1', other(world))).toMatchObject({ status: 'accepted' });
});

test('a window of zero switches damping off', async () => {
  const world = await startTwoWay();
  world.configure(({ passwordSync }) => {
    passwordSync.dampingWindow = 0;
  });
  await world.deliver('New1');
  expect(world.queue.digests).toEqual([]);
  await world.clock.move(1);
  expect(await world.receive('New1', other(world))).toMatchObject({ status: 'accepted' });
});

test('the digest is on disk before the password is set, and only where an echo can come from', async () => {
  const world = await startTwoWay();
  const seen: number[] = [];
  for (const target of world.targets)
    target.script = () => {
      seen.push(world.queue.digests.filter(({ connector }) => connector === targetConnector(1)).length);
      return { kind: 'set' };
    };
  await world.deliver('New1');
  await settled();
  expect(seen).toContain(1);
  expect(world.queue.digests.map(({ connector }) => connector)).toEqual([targetConnector(1)]);
});

test('an echo does not make a change that was made before it look stale', async () => {
  const world = await startTwoWay();
  await world.deliver('New1');
  const before = world.clock.now();
  await world.clock.move(1000);
  await world.receive('New1', other(world));
  const second = await world.deliver('New2', { committedAt: before + 500 });
  expect(second).toMatchObject({ outcome: 'delivered' });
  expect(world.target.passwords.get(targetConnector(1))).toBe('New2');
});

test('a change of its own makes an older delivery to the same object stale', async () => {
  const world = await startTwoWay();
  world.configureTarget({ hold: true });
  const waiting = await world.deliver('New1');
  await world.clock.move(1000);
  await world.receive('Own1', other(world));
  world.configureTarget({ hold: false });
  await world.clock.move(10);
  expect(world.queue.of(waiting.trackingId)[0]).toMatchObject({ outcome: 'superseded', event: 6919 });
  expect(world.target.sets).toBe(0);
  expect(world.queue.stampsOf(sourceConnector(1)).incoming).toBeDefined();
});
