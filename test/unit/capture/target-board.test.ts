import { afterEach, beforeEach, expect, test } from 'vitest';

import { Admission } from '#capture/admission.ts';
import type { DeliveryLane } from '#capture/delivery-lane.ts';
import { TargetBoard } from '#capture/target-board.ts';
import { type PcnsConfiguration, type PcnsTarget, pcnsConfigurationSchema } from '#shared/model/pcns.ts';

import {
  type CaptureWorld,
  createCaptureWorld,
  domainUsers,
  everyoneElse,
  guidOf,
  makeTarget,
} from './capture-world.ts';

let world: CaptureWorld;
let stored: PcnsConfiguration | undefined;
let unreadable: boolean;
let board: TargetBoard;
let admission: Admission;

beforeEach(async () => {
  world = await createCaptureWorld();
  stored = undefined;
  unreadable = false;
  const store = {
    place: 'memory',
    read: async () => {
      if (unreadable) throw new Error('damaged');
      return stored;
    },
    writeService: async () => undefined,
    writeTarget: async () => undefined,
    removeTarget: async () => undefined,
  };
  board = new TargetBoard({
    store,
    reader: world.domain,
    database: world.database,
    queue: world.queue,
    // A lane that sends nothing: here the queue is looked at.
    openLane: () =>
      ({ wake() {}, stop() {}, update() {}, checkWarningLevel() {} }) as unknown as DeliveryLane,
    now: () => world.clock.now(),
    log: world.log,
  });
  admission = new Admission({
    clock: world.clock,
    reader: world.domain,
    queue: world.queue,
    configuration: () => board.configuration,
    isReady: () => board.isLoaded,
    wake: () => undefined,
    alarm: (guid, sids) => board.alarm(guid, sids),
  });
});
afterEach(() => world.close());

async function configure(targets: readonly PcnsTarget[], service: object = {}): Promise<void> {
  stored = pcnsConfigurationSchema.parse({ service, targets });
  await board.refresh();
  await board.checkGroups();
}

/** A change of the account that the directory committed. */
async function commit(account: string, change = {}): Promise<void> {
  const state = world.domain.put(account, 2, world.clock.now(), change);
  const row = await world.hold(account, 'Secret-1');
  await admission.settle(row, 'committed', state);
}

const numbers = () => world.events.map(({ number }) => number);
const waiting = () =>
  world.database
    .all<{ account: string; state: string }>(
      'SELECT c.account, d.state FROM delivery d JOIN change c USING (sequence) ORDER BY d.sequence',
    )
    .map(({ account, state }) => `${account} ${state}`);

test('no configuration is 6000, and no active target 4001 at first and 4002 later', async () => {
  await board.refresh();
  expect(numbers()).toEqual([6000, 4001]);
  await configure([makeTarget({ name: 'MIM', disabled: true })]);
  expect(numbers()).toEqual([6000, 4001, 4002]);
});

test('a member of the inclusion group is queued, anybody else is 2303', async () => {
  await configure([makeTarget({ name: 'MIM' })]);
  await commit('inside');
  world.domain.groups.set(guidOf('outside'), new Set());
  await commit('outside');
  expect(waiting()).toEqual(['inside waiting']);
  expect(numbers()).toEqual([2201, 2201, 2303]);
});

test('a member of both groups is held back from that target alone', async () => {
  await configure([makeTarget({ name: 'MIM', exclusionSid: everyoneElse }), makeTarget({ name: 'Other' })]);
  world.domain.groups.set(guidOf('jdoe'), new Set([domainUsers, everyoneElse]));
  await commit('jdoe');
  expect(waiting()).toEqual(['jdoe waiting']);
});

test.each([
  ['a workstation', { userAccountControl: 0x1000 }],
  ['a domain controller', { userAccountControl: 0x2000 }],
  ['a trust', { userAccountControl: 0x0800 }],
  ['a computer by its class', { objectClasses: ['top', 'person', 'user', 'computer'] }],
  ['a group managed service account', { objectClasses: ['top', 'msDS-GroupManagedServiceAccount'] }],
  ['krbtgt', { sid: 'S-1-5-21-1-2-3-502' }],
  ['krbtgt of a read-only domain controller', { account: 'krbtgt_4711' }],
])('%s never travels', async (_, change) => {
  await configure([makeTarget({ name: 'MIM' })]);
  await commit('machine', change);
  expect(waiting()).toEqual([]);
  expect(numbers()).toEqual([2303]);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
});

test.each(['inclusionSid', 'exclusionSid'])(
  'a %s that names nothing is 6032 at once and opens no gate',
  async (role) => {
    const target = makeTarget({ name: 'MIM', exclusionSid: everyoneElse });
    await configure([target]);
    world.domain.existing.delete(String(target[role as 'inclusionSid']));
    await commit('jdoe');
    expect(waiting()).toEqual(['jdoe blocked']);
    expect(numbers()).toEqual([6032, 2201]);
  },
);

test('an alarm is raised once for as long as it lasts, and anew when it comes back', async () => {
  const target = makeTarget({ name: 'MIM', exclusionSid: everyoneElse });
  await configure([target]);
  world.domain.existing.delete(everyoneElse);
  await board.checkGroups();
  await board.checkGroups();
  expect(numbers()).toEqual([6032]);
  world.domain.existing.add(everyoneElse);
  await board.checkGroups();
  world.domain.existing.delete(everyoneElse);
  await board.checkGroups();
  expect(numbers()).toEqual([6032, 6032]);
});

test('mending the group lets go whom it includes and forgets the others', async () => {
  const target = makeTarget({ name: 'MIM', exclusionSid: 'S-1-5-21-1-2-3-9999' });
  await configure([target]);
  await commit('kept');
  world.domain.groups.set(guidOf('barred'), new Set([domainUsers, everyoneElse]));
  await commit('barred');
  expect(waiting()).toEqual(['kept blocked', 'barred blocked']);
  await configure([{ ...target, exclusionSid: everyoneElse }]);
  expect(waiting()).toEqual(['kept waiting']);
  expect(numbers().at(-1)).toBe(2303);
});

test('disabling or deleting a target throws away what waits for it', async () => {
  const [gone, kept] = [makeTarget({ name: 'Gone' }), makeTarget({ name: 'Kept' })];
  await configure([gone, kept]);
  await commit('jdoe');
  expect(waiting()).toHaveLength(2);
  await configure([{ ...gone, disabled: true }, kept]);
  expect(waiting()).toHaveLength(1);
  expect(numbers()).toEqual([2201, 4100]);
  await configure([]);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
});

test('a change expires after MaximumQueueAge, 72 hours by default', async () => {
  await configure([makeTarget({ name: 'MIM' })]);
  await commit('jdoe');
  await world.clock.move(259_199_000);
  await board.sweep();
  expect(waiting()).toHaveLength(1);
  await world.clock.move(2_000);
  await board.sweep();
  expect(waiting()).toEqual([]);
  expect(numbers()).toEqual([2201, 4100]);
});

test('a MaximumQueueAge of 0 keeps changes for ever', async () => {
  await configure([makeTarget({ name: 'MIM' })], { maximumQueueAge: 0 });
  await commit('jdoe');
  await world.clock.move(31_536_000_000);
  await board.sweep();
  expect(waiting()).toHaveLength(1);
});

test('a full queue loses its oldest change, with an event', async () => {
  await configure([makeTarget({ name: 'MIM' })], { maximumQueueLength: 2 });
  for (const account of ['a', 'b', 'c']) await commit(account);
  expect(waiting()).toEqual(['b waiting', 'c waiting']);
  expect(numbers()).toEqual([2201, 2201, 2201, 4100]);
});

test('nothing is decided before the configuration is known', async () => {
  await expect(commit('jdoe')).rejects.toThrow('not known yet');
  expect(world.database.all('SELECT state FROM change')).toEqual([{ state: 'held' }]);
});

test('a refused change is forgotten and leaves no password behind', async () => {
  await configure([makeTarget({ name: 'MIM' })]);
  await admission.settle(await world.hold('jdoe', 'Secret-1'), 'refused', undefined);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
  expect(numbers()).toEqual([7020]);
});

test('a configuration that cannot be read leaves targets and queue as they were', async () => {
  await configure([makeTarget({ name: 'MIM' })]);
  await commit('jdoe');
  unreadable = true;
  await expect(board.refresh()).rejects.toThrow('damaged');
  expect(board.configuration.targets).toHaveLength(1);
  expect(waiting()).toHaveLength(1);
});

test('a newer change takes the place of one that waits, with an event that names the older one', async () => {
  await configure([makeTarget({ name: 'MIM' })]);
  await commit('jdoe');
  await commit('jdoe');
  expect(waiting()).toEqual(['jdoe waiting']);
  expect(numbers()).toEqual([2201, 2201, 7022]);
  expect(world.events.at(-1)).toMatchObject({ account: 'jdoe', message: expect.stringContaining('MIM') });
});

test.each([
  ['refused', 7020],
  ['lost', 7021],
] as const)('a change that ended as %s is forgotten with event %i', async (ending, number) => {
  await configure([makeTarget({ name: 'MIM' })]);
  const row = await world.hold('jdoe', 'Secret-1');
  await admission.settle(row, ending, undefined);
  expect(world.database.all('SELECT * FROM change')).toEqual([]);
  expect(numbers()).toEqual([number]);
});
