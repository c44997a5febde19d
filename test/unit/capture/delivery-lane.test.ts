import { afterEach, beforeEach, expect, test } from 'vitest';

import { DeliveryLane } from '#capture/delivery-lane.ts';
import { DeliveryQueue } from '#capture/delivery-queue.ts';
import { createKerberosChannel } from '#capture/kerberos-channel.ts';
import type { NotificationChannel, SendFailure } from '#capture/notification-sender.ts';
import { type PcnsService, type PcnsTarget, pcnsServiceSchema } from '#shared/model/pcns.ts';

import { type CaptureWorld, createCaptureWorld, makeTarget } from './capture-world.ts';
import { busy, FakeChannel } from './fake-channel.ts';
import { settle } from './moved-clock.ts';

const silent: SendFailure = { event: 4003, message: 'no answer', reach: 'target' };
const wrong: SendFailure = { event: 6025, message: 'refused', reach: 'change' };

let world: CaptureWorld;
let service: PcnsService;
let lanes: DeliveryLane[];

beforeEach(async () => {
  world = await createCaptureWorld();
  service = pcnsServiceSchema.parse({});
  lanes = [];
});

afterEach(async () => {
  for (const lane of lanes) lane.stop();
  await world.close();
});

function openLane(target: PcnsTarget, channel: NotificationChannel): DeliveryLane {
  const lane = new DeliveryLane(target, {
    queue: new DeliveryQueue(world.database, world.log, target.guid),
    seal: world.seal,
    channel,
    clock: world.clock,
    service: () => service,
    log: world.log.write,
    domain: 'FABRIKAM',
    sourceServer: 'dc1.fabrikam.lab',
    lastCaptured: () => undefined,
  });
  lanes.push(lane);
  return lane;
}

const numbers = () => world.events.map(({ number }) => number);

test('a waiting change is sent once, and its password is gone from the queue then', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await settle();
  expect(channel.received).toEqual(['jdoe Secret-1']);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
  expect(numbers()).toEqual([2100]);
});

test('a target whose address is of no use is 6027, and its changes wait', async () => {
  const target = { ...makeTarget({ name: 'MIM' }), server: 'two words' };
  const channel = createKerberosChannel({
    identify: async () => ({ server: 'dc1.fabrikam.lab', principal: 'DC1$@FABRIKAM.LAB' }),
    caFile: undefined,
    productVersion: '0.0.0',
    diagnose: async () => {
      throw new Error('Nobody is asked');
    },
  });
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await settle();
  expect(numbers()).toEqual([6027]);
  expect(world.database.all('SELECT * FROM change')).toHaveLength(1);
});

test('of several changes of one person only the newest is sent', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  for (const password of ['One-1', 'Two-2', 'Three-3']) await world.admit('jdoe', password, [target]);
  openLane(target, channel);
  await settle();
  expect(channel.received).toEqual(['jdoe Three-3']);
});

test('a newer change waits until the older one under way has ended', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  let release: () => void = () => undefined;
  channel.gate = new Promise((resolve) => {
    release = resolve;
  });
  await world.admit('jdoe', 'One-1', [target]);
  const lane = openLane(target, channel);
  await settle();
  await world.admit('jdoe', 'Two-2', [target]);
  lane.wake();
  await settle();
  expect(channel.received).toEqual([]);
  release();
  await settle();
  expect(channel.received).toEqual(['jdoe One-1', 'jdoe Two-2']);
});

test('a target that does not answer is tried again every RetryInterval, and nothing in between', async () => {
  service = pcnsServiceSchema.parse({ retryInterval: 10 });
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  channel.failure = silent;
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await settle();
  expect(channel.opened).toBe(1);
  await world.clock.move(9_900);
  expect(channel.opened).toBe(1);
  await world.clock.move(200);
  expect(channel.opened).toBe(2);
  channel.failure = undefined;
  await world.clock.move(10_000);
  expect(channel.received).toEqual(['jdoe Secret-1']);
  expect(numbers()).toEqual([4003, 4003, 2100]);
});

test('a dead target delays no other', async () => {
  const dead = makeTarget({ name: 'Dead' });
  const alive = makeTarget({ name: 'Alive' });
  const [deadChannel, aliveChannel] = [new FakeChannel(), new FakeChannel()];
  deadChannel.failure = silent;
  for (let index = 0; index < 40; index += 1) await world.admit(`user${index}`, 'Secret-1', [dead, alive]);
  openLane(dead, deadChannel);
  openLane(alive, aliveChannel);
  await world.clock.move(10);
  expect(aliveChannel.received).toHaveLength(40);
  expect(deadChannel.received).toEqual([]);
  expect(world.database.get('SELECT count(*) AS n FROM delivery')).toEqual({ n: 40 });
});

test('one change that is not taken holds up no other of the same target', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  channel.failFor.set('bad', busy);
  await world.admit('bad', 'Secret-1', [target]);
  for (let index = 0; index < 30; index += 1) await world.admit(`user${index}`, 'Secret-1', [target]);
  openLane(target, channel);
  await world.clock.move(10);
  expect(channel.received).toHaveLength(30);
  await world.clock.move(60_000);
  expect(numbers().filter((number) => number === 4003)).toHaveLength(2);
});

test('MaximumNotificationRetries ends a change that is never taken', async () => {
  service = pcnsServiceSchema.parse({ maximumNotificationRetries: 3 });
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  channel.failure = silent;
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await world.clock.move(600_000);
  expect(numbers()).toEqual([4003, 4003, 4003, 4100]);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
});

test('a change that the target refuses for good is not tried again', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  channel.failure = wrong;
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await world.clock.move(600_000);
  expect(numbers()).toEqual([6025, 4100]);
});

test('status messages go out at the keep-alive interval, and a failure of one is 4004', async () => {
  const target = makeTarget({ name: 'MIM', keepAliveInterval: 15 });
  const channel = new FakeChannel();
  openLane(target, channel);
  await world.clock.move(46_000);
  expect(channel.beats).toEqual([0, 0, 0]);
  channel.failure = silent;
  await world.clock.move(15_000);
  expect(numbers()).toEqual([4004]);
});

test('a status message that gets through ends the wait of a target that was away', async () => {
  service = pcnsServiceSchema.parse({ retryInterval: 3600 });
  const target = makeTarget({ name: 'MIM', keepAliveInterval: 15 });
  const channel = new FakeChannel();
  channel.failure = silent;
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await settle();
  channel.failure = undefined;
  await world.clock.move(16_000);
  expect(channel.received).toEqual(['jdoe Secret-1']);
});

test('a change that fails right after a status message did goes out with the next one too', async () => {
  service = pcnsServiceSchema.parse({ retryInterval: 3600 });
  const target = makeTarget({ name: 'MIM', keepAliveInterval: 15 });
  const channel = new FakeChannel();
  let release: () => void = () => undefined;
  channel.gate = new Promise((resolve) => {
    release = resolve;
  });
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await settle();
  channel.failure = silent;
  await world.clock.move(15_000);
  release();
  await settle();
  expect(numbers()).toEqual([4004, 4003]);
  channel.failure = undefined;
  await world.clock.move(15_000);
  expect(channel.received).toEqual(['jdoe Secret-1']);
});

test('another server for the target is tried at once', async () => {
  service = pcnsServiceSchema.parse({ retryInterval: 3600 });
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  channel.failure = silent;
  await world.admit('jdoe', 'Secret-1', [target]);
  const lane = openLane(target, channel);
  await settle();
  channel.failure = undefined;
  lane.update({ ...target, server: 'intsvr2.fabrikam.lab' });
  await world.clock.move(3_600_000);
  expect(channel.received).toEqual(['jdoe Secret-1']);
});

test('a failure of the way before says nothing about the new one', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  let release: () => void = () => undefined;
  channel.gate = new Promise((resolve) => {
    release = resolve;
  });
  channel.failFor.set('slow', silent);
  await world.admit('slow', 'Secret-1', [target]);
  const lane = openLane(target, channel);
  await settle();
  lane.update({ ...target, server: 'intsvr2.fabrikam.lab' });
  release();
  await settle();
  await world.admit('jdoe', 'Secret-1', [target]);
  lane.wake();
  await settle();
  expect(channel.received).toEqual(['jdoe Secret-1']);
});

test('a target whose way could not even be tried is tried again', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  const open = channel.open.bind(channel);
  let broken = true;
  channel.open = async () => {
    if (broken) throw new Error('the directory does not answer');
    return open();
  };
  await world.admit('jdoe', 'Secret-1', [target]);
  openLane(target, channel);
  await settle();
  broken = false;
  await world.clock.move(60_000);
  expect(channel.received).toEqual(['jdoe Secret-1']);
});

test('a sealed password that does not open ends its delivery', async () => {
  const target = makeTarget({ name: 'MIM' });
  const channel = new FakeChannel();
  await world.admit('jdoe', 'Secret-1', [target]);
  await world.database.commit(() => world.database.run("UPDATE change SET hook_account = 'another'"));
  openLane(target, channel);
  await settle();
  expect(channel.received).toEqual([]);
  expect(numbers()).toEqual([4100]);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
});

test('the warning level is told once, again after its interval, and when the queue is below it', async () => {
  const target = makeTarget({ name: 'MIM', queueWarningLevel: 2, queueWarningInterval: 30 });
  const channel = new FakeChannel();
  channel.failure = silent;
  const lane = openLane(target, channel);
  await world.admit('a', 'Secret-1', [target]);
  lane.checkWarningLevel();
  expect(numbers()).toEqual([]);
  await world.admit('b', 'Secret-1', [target]);
  lane.checkWarningLevel();
  lane.checkWarningLevel();
  expect(numbers()).toEqual([4005]);
  await world.clock.move(30 * 60_000);
  lane.checkWarningLevel();
  expect(numbers()).toEqual([4005, 4005]);
  channel.failure = undefined;
  lane.wake();
  await world.clock.move(1000);
  lane.checkWarningLevel();
  expect(numbers().filter((number) => number !== 2100)).toEqual([4005, 4005, 2005]);
});
