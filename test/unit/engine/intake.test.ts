import { expect, test } from 'vitest';

import { settled } from '#test/engine-clock.ts';
import {
  EngineWorld,
  guidOf,
  partition,
  passwordSourceOf,
  secretOf,
  source,
  targetConnector,
} from '#test/engine-world.ts';

test('a change reaches every target and is recorded with its hops', async () => {
  const world = await EngineWorld.start({ targets: 3 });
  const change = world.change();
  const receipt = await world.engine.receive(change, secretOf('New1'));
  expect(receipt).toEqual({ status: 'accepted', sequence: 1, deliveries: 3 });
  await settled();
  expect(world.targets.map(({ passwords }) => [...passwords.values()])).toEqual([
    ['New1'],
    ['New1'],
    ['New1'],
  ]);
  const stored = world.queue.changes.get(1);
  expect(stored).toMatchObject({ origin: { agent: source, partition }, person: 1, refusal: undefined });
  expect(stored?.hops.map(({ name }) => name)).toEqual([
    'captured',
    'committed',
    'sent',
    'received',
    'resolved',
    'guarded',
    'accepted',
  ]);
  for (const delivery of world.queue.of(change.trackingId))
    expect(delivery).toMatchObject({
      outcome: 'delivered',
      event: 6902,
      verification: 'verified',
      sealed: undefined,
    });
  expect(world.numbers).toEqual([6903, 6907, 6902, 6902, 6902]);
});

test('the sender is told only after the change is on disk', async () => {
  const world = await EngineWorld.start();
  world.queue.failure = new Error('disk full');
  const password = secretOf('New1');
  await expect(world.engine.receive(world.change(), password)).rejects.toThrow('disk full');
  expect(password.wiped).toBe(true);
  expect([world.queue.changes.size, world.target.sets]).toEqual([0, 0]);
  // What the store itself did not put into words was not foreseen.
  expect(world.numbers).toEqual([6900]);
});

test('a redelivery is acknowledged and not repeated, also while the first copy is on its way to disk', async () => {
  const world = await EngineWorld.start();
  const change = world.change();
  const passwords = [secretOf('New1'), secretOf('New1'), secretOf('New1')];
  const [first, second] = await Promise.all(
    passwords.slice(0, 2).map((password) => world.engine.receive(change, password)),
  );
  expect([first?.status, second?.status]).toEqual(['accepted', 'known']);
  expect(await world.engine.receive(change, passwords[2] ?? secretOf(''))).toEqual({ status: 'known' });
  await settled();
  expect([world.queue.changes.size, world.target.sets]).toEqual([1, 1]);
  expect(passwords.every(({ wiped }) => wiped)).toBe(true);
});

test('a change that is older than the newest of its object is refused with 6919', async () => {
  const world = await EngineWorld.start();
  const committedAt = world.clock.now();
  await world.deliver('New2', { committedAt });
  expect(await world.receive('New1', { committedAt: committedAt - 1 })).toMatchObject({ event: 6919 });
  expect(await world.receive('New1', { committedAt, version: 0 })).toMatchObject({ event: 6919 });
  await settled();
  expect(world.target.passwords.get(targetConnector(1))).toBe('New2');
});

test('two changes that come in one turn are put in order by their stamps', async () => {
  const world = await EngineWorld.start();
  const committedAt = world.clock.now();
  const receipts = await Promise.all([
    world.receive('New2', { committedAt }),
    world.receive('New1', { committedAt: committedAt - 1 }),
  ]);
  expect(receipts.map(({ status }) => status)).toEqual(['accepted', 'refused']);
  await settled();
  expect(world.target.passwords.get(targetConnector(1))).toBe('New2');
});

test('an older change of another source does not take the place of a newer one that waits', async () => {
  const world = await EngineWorld.start();
  world.configureTarget({ hold: true });
  world.configure(({ agents }) => {
    const [first] = agents;
    if (first === undefined) return;
    const [dn, other] = ['DC=other,DC=lab', structuredClone(passwordSourceOf({ agents }))];
    first.partitions.push({ dn, include: [], exclude: [], passwordSource: { ...other, domain: 'OTHER' } });
  });
  world.addConnector(source, 1, { id: 55, anchor: guidOf(50) });
  const committedAt = world.clock.now();
  await world.deliver('New2', { committedAt });
  const other = { domain: 'OTHER', objectGuid: guidOf(50) };
  const late = await world.deliver('New1', { ...other, committedAt: committedAt - 60_000 });
  expect(late).toMatchObject({ outcome: 'superseded', event: 6919 });
  world.configureTarget({ hold: false });
  await settled();
  expect(world.target.passwords.get(targetConnector(1))).toBe('New2');
});

test('the limit of a day holds also for changes on their way to disk, and refuses with 7010', async () => {
  const world = await EngineWorld.start({ people: 5 });
  world.configure((configuration) => {
    passwordSourceOf(configuration).maxChangesPerDay = 3;
  });
  const receipts = await Promise.all([1, 2, 3, 4].map((person) => world.receive('New1', { person })));
  expect(receipts.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted', 'refused']);
  expect(await world.receive('New1', { person: 5 })).toMatchObject({ event: 7010 });
  await world.clock.move(86_400_001);
  expect(await world.receive('New2', { person: 5 })).toMatchObject({ status: 'accepted' });
});

test('what goes nowhere anyway does not count against the limit of a day', async () => {
  const world = await EngineWorld.start();
  world.configure((configuration) => {
    passwordSourceOf(configuration).maxChangesPerDay = 1;
  });
  await world.receive('New1', { objectGuid: guidOf(9) });
  expect(await world.receive('New1')).toMatchObject({ status: 'accepted' });
});

test.each([
  [6921, { enabled: false }],
  [6928, { operations: 'change' }],
] as const)(
  'a target is refused with %i where its settings say %o, others go on',
  async (event, password) => {
    const world = await EngineWorld.start({ targets: 2 });
    world.configureTarget(password);
    const { trackingId } = await world.deliver('New1');
    expect(world.queue.of(trackingId)).toMatchObject([
      { outcome: 'refused', event, sealed: undefined },
      { outcome: 'delivered' },
    ]);
    expect(world.numbers).toContain(event);
  },
);

test('a change that a target refuses ends what waited there from before', async () => {
  const world = await EngineWorld.start();
  world.configureTarget({ hold: true });
  const first = await world.deliver('New1');
  world.configureTarget({ enabled: false });
  await world.deliver('New2');
  expect(first).toMatchObject({ outcome: 'superseded', sealed: undefined });
  expect(world.events).toContainEqual(
    expect.objectContaining({ number: 7006, trackingId: first?.trackingId, agent: first?.target }),
  );
  world.configureTarget({ enabled: true, hold: false });
  await settled();
  expect(world.target.sets).toBe(0);
});

test('with synchronization off changes are taken in and wait, and drain when it is switched on', async () => {
  const world = await EngineWorld.start();
  world.configure(({ passwordSync }) => {
    passwordSync.enabled = false;
  });
  expect(await world.deliver('New1')).toMatchObject({ state: 'waiting' });
  world.configure(({ passwordSync }) => {
    passwordSync.enabled = true;
  });
  await settled();
  expect(world.target.passwords.get(targetConnector(1))).toBe('New1');
});

test('an engine that does not run takes nothing in and wipes what it was given', async () => {
  const world = new EngineWorld();
  const password = secretOf('New1');
  await expect(world.engine.receive(world.change(), password)).rejects.toMatchObject({ code: 'unavailable' });
  expect(password.wiped).toBe(true);
});

test('a listener that throws changes nothing', async () => {
  const world = await EngineWorld.start();
  Object.assign(world.events, {
    push: () => {
      throw new Error('The log is full');
    },
  });
  expect(await world.deliver('New1')).toMatchObject({ outcome: 'delivered' });
});
