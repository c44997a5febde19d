import { expect, test } from 'vitest';

import { settled } from '#test/engine-clock.ts';
import {
  domain,
  EngineWorld,
  guidOf,
  passwordSourceOf,
  secretOf,
  source,
  sourceConnector,
  targetConnector,
  targetId,
} from '#test/engine-world.ts';

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
    passwordSourceOf(configuration).enabled = false;
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
    passwordSourceOf(configuration).targets = [];
  });
  expect(await world.receive('New2')).toMatchObject({ status: 'refused', event: 7012 });
});

test('only the targets in the list receive the change, each once', async () => {
  const world = await EngineWorld.start({ targets: 3 });
  world.configure((configuration) => {
    passwordSourceOf(configuration).targets = [targetId(2), targetId(2)];
  });
  await world.deliver('New1');
  expect(world.targets.map(({ sets }) => sets)).toEqual([0, 0, 1]);
});

test('every object of the person in a target receives the change, the one that changed does not', async () => {
  const world = await EngineWorld.start();
  world.addConnector(targetId(0), 1, { id: 77 });
  world.configure((configuration) => {
    passwordSourceOf(configuration).targets.push(source);
  });
  await world.deliver('New1');
  expect([...world.target.passwords.keys()]).toEqual([targetConnector(1), 77]);
  expect(world.queue.deliveries.map(({ connector }) => connector)).not.toContain(sourceConnector(1));
});

test('a target that cannot be reached for passwords, or is not configured, is refused with 6922', async () => {
  const world = await EngineWorld.start();
  const stranger = targetId(7);
  world.configure((configuration) => {
    passwordSourceOf(configuration).targets = [stranger, source];
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
