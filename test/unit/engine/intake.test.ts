import { expect, test } from 'vitest';

import type { Configuration } from '#shared/model/configuration.ts';
import { settled } from '#test/engine-clock.ts';
import {
  domain,
  EngineWorld,
  guidOf,
  partition,
  secretOf,
  source,
  sourceConnector,
  targetConnector,
  targetId,
} from '#test/engine-world.ts';

const passwordSource = ({ agents }: Configuration) => {
  const found = agents[0]?.partitions[0]?.passwordSource;
  if (found === undefined) throw new Error('No source');
  return found;
};

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

test('a change of a domain without a partition is refused with 6926', async () => {
  const world = await EngineWorld.start();
  expect(await world.receive('New1', { domain: 'ELSEWHERE' })).toMatchObject({
    status: 'refused',
    event: 6926,
  });
});

test('a change of a partition that is not a source is refused with 6926', async () => {
  const world = await EngineWorld.start();
  world.configure((configuration) => {
    passwordSource(configuration).enabled = false;
  });
  expect(await world.receive('New1')).toMatchObject({ status: 'refused', event: 6926 });
  expect(world.numbers).toEqual([6903, 6926]);
});

test('the domain is told apart from others without regard to case', async () => {
  const world = await EngineWorld.start();
  expect(await world.receive('New1', { domain: 'fabrikam' })).toMatchObject({ status: 'accepted' });
});

test.each([`${domain.toLowerCase()}\\PERSON1`, 'person1'])(
  'a change of the service account %s is refused with 6912',
  async (serviceAccount) => {
    const world = await EngineWorld.start();
    world.configure(({ passwordSync }) => {
      passwordSync.serviceAccount = serviceAccount;
    });
    expect(await world.receive('New1')).toMatchObject({ status: 'refused', event: 6912 });
  },
);

test('an account of the same name in another domain is not the service account', async () => {
  const world = await EngineWorld.start();
  world.configure(({ passwordSync }) => {
    passwordSync.serviceAccount = 'OTHER\\person1';
  });
  expect(await world.receive('New1')).toMatchObject({ status: 'accepted' });
});

test('a change of an unknown object is refused with 7011 after one look-up', async () => {
  const world = await EngineWorld.start();
  const objectGuid = guidOf(9).toUpperCase();
  expect(await world.receive('New1', { objectGuid })).toMatchObject({ status: 'refused', event: 7011 });
  expect(world.lookups).toEqual([guidOf(9)]);
});

test('the first password of a new account arrives once the look-up has joined it', async () => {
  const world = await EngineWorld.start();
  world.onUnknownObject = async () => {
    await settled();
    world.join(9);
    return true;
  };
  const both = await Promise.all([
    world.receive('New1', { person: 9 }),
    world.receive('New2', { person: 9 }),
  ]);
  expect(both.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
  await settled();
  expect(world.lookups).toEqual([guidOf(9)]);
  expect(world.target.passwords.get(targetConnector(9))).toBe('New2');
});

test('a look-up that fails leaves the change with its sender', async () => {
  const world = await EngineWorld.start();
  world.onUnknownObject = async () => {
    throw new Error('The directory does not answer');
  };
  const change = world.change({ person: 9 });
  await expect(world.engine.receive(change, secretOf('New1'))).rejects.toThrow('does not answer');
  world.onUnknownObject = async () => {
    world.join(9);
    return true;
  };
  expect(await world.engine.receive(change, secretOf('New1'))).toMatchObject({ status: 'accepted' });
});

test('a change of an object without a person is refused with 7015', async () => {
  const world = await EngineWorld.start();
  world.addConnector(source, 9, { id: 9000, person: undefined });
  expect(await world.receive('New1', { person: 9 })).toMatchObject({ status: 'refused', event: 7015 });
});

test('a person without an object in any target is refused with 7012, and a partition without targets too', async () => {
  const world = await EngineWorld.start({ targets: 2 });
  world.addConnector(source, 9, { id: 9000 });
  expect(await world.receive('New1', { person: 9 })).toMatchObject({ status: 'refused', event: 7012 });
  world.configure((configuration) => {
    passwordSource(configuration).targets = [];
  });
  expect(await world.receive('New2')).toMatchObject({ status: 'refused', event: 7012 });
});

test('only the targets in the list receive the change, each once', async () => {
  const world = await EngineWorld.start({ targets: 3 });
  world.configure((configuration) => {
    passwordSource(configuration).targets = [targetId(2), targetId(2)];
  });
  await world.deliver('New1');
  expect(world.targets.map(({ sets }) => sets)).toEqual([0, 0, 1]);
});

test('every object of the person in a target receives the change, the one that changed does not', async () => {
  const world = await EngineWorld.start();
  world.addConnector(targetId(0), 1, { id: 77 });
  world.configure((configuration) => {
    passwordSource(configuration).targets.push(source);
  });
  await world.deliver('New1');
  expect([...world.target.passwords.keys()]).toEqual([targetConnector(1), 77]);
  expect(world.queue.deliveries.map(({ connector }) => connector)).not.toContain(sourceConnector(1));
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
    const [dn, other] = ['DC=other,DC=lab', structuredClone(passwordSource({ agents } as Configuration))];
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
    passwordSource(configuration).maxChangesPerDay = 3;
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
    passwordSource(configuration).maxChangesPerDay = 1;
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

test('a target that cannot be reached for passwords, or is not configured, is refused with 6922', async () => {
  const world = await EngineWorld.start();
  const stranger = targetId(7);
  world.configure((configuration) => {
    passwordSource(configuration).targets = [stranger, source];
  });
  world.addConnector(stranger, 1, { id: 71 });
  world.addConnector(source, 1, { id: 72, anchor: 'second' });
  world.configure(({ agents }) => {
    for (const agent of agents) agent.password.enabled = true;
  });
  await world.deliver('New1');
  expect(world.queue.deliveries).toMatchObject([
    { connector: 71, outcome: 'refused', event: 6922 },
    { connector: 72, outcome: 'refused', event: 6922 },
  ]);
});

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
