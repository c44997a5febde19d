import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Agent } from '#shared/model/agent.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let main: Agent;
let other: Agent;
let world: IdentityWorld;

beforeEach(async () => {
  main = draftAgent({ name: 'main', project: true, flow: ['number=employeeId'] });
  other = draftAgent({
    name: 'other',
    join: [['number=employeeId']],
    rules: {
      provision: { dn: '"CN=" + person.employeeId + ",DC=other"', objectClasses: ['person'] },
      exportFlow: [{ person: 'employeeId', connector: 'number' }],
    },
  });
  world = new IdentityWorld([main, other]);
  for (let index = 0; index < 450; index += 1) {
    world.directory(main).set(`m${index}`, `CN=m${index},DC=main`, { number: [String(index)] });
    world.directory(other).set(`o${index}`, `CN=${index},DC=other`, { number: [String(index)] });
  }
  await world.run(main, 'full-import-stage-only');
  await world.run(other, 'full-import-stage-only');
  await world.run(main, 'full-sync');
  await world.run(other, 'full-sync');
});

afterEach(() => world.close());

const sizeOf = (agent: Agent): number =>
  Object.values(world.connectors.counts(agent.id)).reduce((sum, count) => sum + count, 0);

test('Delete Connector Space takes every object off its person, adds nothing back, and is recorded', async () => {
  expect(world.connectors.counts(other.id).connector).toBe(450);
  const record = await world.runner.clear(other.id);
  expect(record).toMatchObject({
    profile: 'Delete Connector Space',
    result: 'success',
    steps: [{ type: 'delete-connector-space', statistics: { synchronization: { connectorDeletes: 450 } } }],
  });
  expect(world.runs.find(record.run)).toEqual(record);
  expect(sizeOf(other)).toBe(0);
  expect(world.persons.count()).toBe(450);
  expect(world.exports.counts(other.id)).toEqual({ add: 0, update: 0, delete: 0 });
});

test('afterwards a delta import asks for a full one, which joins everything again', async () => {
  await world.runner.clear(other.id);
  expect((await world.run(other, 'delta-import-delta-sync')).result).toBe('no-start-full-import-required');
  expect((await world.run(other, 'full-import-full-sync')).result).toBe('success');
  expect(world.connectors.counts(other.id).connector).toBe(450);
});

test('persons go with the last object that they had', async () => {
  await world.runner.clear(other.id);
  await world.runner.clear(main.id);
  expect(world.persons.count()).toBe(0);
  expect((await world.runner.clear(main.id)).result).toBe('completed-no-objects');
});

test('it is one run of its agent, and can be stopped: what is out stays out', async () => {
  const clearing = world.runner.clear(other.id);
  await expect(world.run(other, 'full-sync')).rejects.toMatchObject({ code: 'conflict' });
  await expect(world.runner.clear(other.id)).rejects.toMatchObject({ code: 'conflict' });
  expect(world.runner.cancel(other.id)).toBe(true);
  expect((await clearing).result).toBe('stopped-user-termination-from-wmi-or-ui');
  expect((await world.runner.clear(other.id)).result).toBe('success');
  expect(sizeOf(other)).toBe(0);
});
