import { expect, test } from 'vitest';

import type { AgentId } from '#shared/model/change.ts';
import { domain, EngineWorld, guidOf, source, targetId } from '#test/engine-world.ts';

const account = { domain, account: 'person1', objectGuid: guidOf(1) };

const verdicts = (world: EngineWorld) =>
  world.engine.explain(account).targets.map(({ verdict, event }) => [verdict, event]);

test('an explanation names for each target the gates and what they say', async () => {
  const world = await EngineWorld.start({ targets: 5 });
  world.configureTarget({ enabled: false }, 1);
  world.configureTarget({ hold: true }, 2);
  world.configureTarget({ operations: 'change' }, 3);
  world.connectors.splice(-1, 1);
  expect(verdicts(world)).toEqual([
    ['deliver', undefined],
    ['refuse', 6921],
    ['hold', undefined],
    ['refuse', 6928],
    ['nothing', undefined],
  ]);
  const [first] = world.engine.explain(account).targets;
  expect(first?.gates.map(({ gate, result }) => [gate, result.verdict])).toEqual([
    ['enabled', 'pass'],
    ['configured', 'pass'],
    ['set-supported', 'pass'],
    ['synchronization', 'pass'],
    ['not-held', 'pass'],
    ['answering', 'pass'],
    ['secure', 'pass'],
  ]);
});

test('a target in shadow mode would be decided and not written', async () => {
  const world = await EngineWorld.start();
  world.configureTarget({ shadow: true });
  expect(world.engine.explain(account).targets).toMatchObject([
    { verdict: 'shadow', reason: expect.stringContaining('nothing written') },
  ]);
});

test('synchronization that is off, an open circuit and an unprotected connection hold', async () => {
  const world = await EngineWorld.start({ targets: 2 });
  const [dead, bare] = world.targets;
  if (dead === undefined || bare === undefined) throw new Error('Two targets');
  dead.answers = false;
  bare.secure = false;
  for (let round = 0; round < 3; round += 1) await world.deliver(`New${round}`);
  expect(verdicts(world).map(([verdict]) => verdict)).toEqual(['hold', 'hold']);
  expect(world.engine.explain(account).targets.map(({ reason }) => reason)).toEqual([
    '"target 0" does not answer: its deliveries wait until it does',
    'The connection to "target 1" is not protected, and the agent requires it',
  ]);
  world.configure(({ passwordSync }) => {
    passwordSync.enabled = false;
  });
  expect(world.engine.explain(account).targets[0]?.reason).toBe('Password synchronization is switched off');
});

test('why a change goes nowhere is said in the words of the gate that refuses it', async () => {
  const world = await EngineWorld.start();
  const explain = (given: Partial<typeof account>) =>
    world.engine.explain({ ...account, ...given }).refusal?.event;
  expect(explain({})).toBeUndefined();
  expect(explain({ domain: 'ELSEWHERE' })).toBe(6926);
  expect(explain({ objectGuid: guidOf(9) })).toBe(7011);
  world.addConnector(source, 9, { id: 9000 });
  expect(explain({ objectGuid: guidOf(9) })).toBe(7012);
  world.configure(({ passwordSync, agents }) => {
    const found = agents[0]?.partitions[0]?.passwordSource;
    if (found !== undefined) found.maxChangesPerDay = 1;
    passwordSync.serviceAccount = 'person2';
  });
  await world.deliver('New1');
  expect(explain({})).toBe(7010);
  expect(explain({ account: 'person2' })).toBe(6912);
});

test('a target that the configuration lacks is refused with 6922', async () => {
  const world = await EngineWorld.start();
  world.configure(({ agents }) => {
    agents.splice(1, 1);
  });
  expect(verdicts(world)).toEqual([['refuse', 6922]]);
  expect(world.engine.explain(account).targets[0]?.agentName).toBe(targetId(0));
});

test('a change meets what the explanation said', async () => {
  const world = await EngineWorld.start({ targets: 3 });
  world.configureTarget({ enabled: false }, 1);
  world.configureTarget({ hold: true }, 2);
  const said = new Map(world.engine.explain(account).targets.map((one) => [one.agent, one.verdict]));
  await world.deliver('New1');
  const met = world.queue.deliveries.map(({ target, state, outcome }): [AgentId, string] => [
    target,
    state === 'waiting' ? 'hold' : outcome === 'refused' ? 'refuse' : 'deliver',
  ]);
  expect(new Map(met)).toEqual(said);
});
