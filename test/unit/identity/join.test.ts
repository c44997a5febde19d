import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Agent } from '#shared/model/agent.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let main: Agent;
let other: Agent;
let world: IdentityWorld;

beforeEach(() => {
  main = draftAgent({ name: 'main', project: true, flow: ['number=employeeId', 'mail=mail'] });
  other = draftAgent({ name: 'other', join: [['number=employeeId'], ['mail=mail']], flow: ['phone=phone'] });
  world = new IdentityWorld([main, other]);
});

afterEach(() => world.close());

function person(agent: Agent, anchor: string, attributes: Record<string, string>): void {
  const values = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value]]));
  world.directory(agent).set(anchor, `CN=${anchor},DC=${agent.name}`, values);
}

async function importAll(...agents: readonly Agent[]) {
  for (const agent of agents) await world.run(agent, 'full-import-delta-sync');
}

test('an object joins the person that the first matching rule names', async () => {
  person(main, 'm1', { number: '1', mail: 'one@x' });
  person(main, 'm2', { number: '2', mail: 'two@x' });
  person(other, 'o1', { number: '1', mail: 'two@x' });
  await importAll(main, other);
  expect(world.joinedSets()).toEqual(['main:m1 other:o1', 'main:m2']);
});

test('a later rule joins where the earlier one finds nobody', async () => {
  person(main, 'm1', { number: '1', mail: 'one@x' });
  person(other, 'o1', { number: '9', mail: 'ONE@x' });
  await importAll(main, other);
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
});

test('an object that was imported before its person joins when the person comes', async () => {
  person(other, 'o1', { number: '1' });
  await importAll(other);
  person(main, 'm1', { number: '1' });
  const run = await world.run(main, 'full-import-delta-sync');
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
  expect(run.steps[0]?.statistics.synchronization).toMatchObject({ projections: 1, joins: 1 });
});

test('two persons for one object are an error and no join', async () => {
  person(main, 'm1', { number: '1' });
  person(main, 'm2', { number: '1' });
  person(other, 'o1', { number: '1' });
  await importAll(main);
  const run = await world.run(other, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'completed-sync-errors', errors: 1 });
  expect(world.runs.errorsOf(run.run, 10)).toEqual([
    {
      step: 0,
      word: 'join-several-persons',
      agent: other.id,
      dn: 'CN=o1,DC=other',
      connector: world.find(other, 'o1')?.id,
      detail: 'CN=o1,DC=other joins nobody: several persons have its number',
    },
  ]);
  expect(world.find(other, 'o1')?.state).toBe('disconnector');
});

test('two persons that appear after the object are an error and no join', async () => {
  person(other, 'o1', { number: '1' });
  await importAll(other);
  person(main, 'm1', { number: '1' });
  person(main, 'm2', { number: '1' });
  const run = await world.run(main, 'full-import-delta-sync');
  expect(run.result).toBe('completed-sync-errors');
  expect(world.find(other, 'o1')?.state).toBe('disconnector');
});

test('two objects for one person are errors and neither joins', async () => {
  person(main, 'm1', { number: '1' });
  person(other, 'o1', { number: '1' });
  person(other, 'o2', { number: '1' });
  await importAll(main);
  const run = await world.run(other, 'full-import-delta-sync');
  expect(run).toMatchObject({ result: 'completed-sync-errors', errors: 2 });
  expect(world.joinedSets()).toEqual(['-other:o1', '-other:o2', 'main:m1']);
});

test('a second object does not take the place of one that is joined', async () => {
  person(main, 'm1', { number: '1' });
  person(other, 'o1', { number: '1' });
  await importAll(main, other);
  person(other, 'o2', { number: '1' });
  const run = await world.run(other, 'delta-import-delta-sync');
  expect(run.errors).toBe(1);
  expect(world.joinedSets()).toEqual(['-other:o2', 'main:m1 other:o1']);
});

test('a conflict ends when one of the two objects goes', async () => {
  person(main, 'm1', { number: '1' });
  person(other, 'o1', { number: '1' });
  person(other, 'o2', { number: '1' });
  await importAll(main, other);
  world.directory(other).delete('o2');
  expect((await world.run(other, 'delta-import-delta-sync')).result).toBe('success');
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
});

test('a conflict ends when one of the two persons goes', async () => {
  person(main, 'm1', { number: '1' });
  person(main, 'm2', { number: '1' });
  person(other, 'o1', { number: '1' });
  await importAll(main, other);
  world.directory(main).delete('m2');
  await world.run(main, 'delta-import-delta-sync');
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
});

test('an object by a better rule outdoes one by a later rule, whichever comes first', async () => {
  person(main, 'm1', { number: '1', mail: 'one@x' });
  await importAll(main);
  person(other, 'o1', { mail: 'one@x' });
  person(other, 'o2', { number: '1' });
  await world.run(other, 'full-import-delta-sync');
  expect(world.joinedSets()).toEqual(['-other:o1', 'main:m1 other:o2']);
});

test('an object stays joined when its own value changes and names nobody', async () => {
  person(main, 'm1', { number: '1', mail: 'one@x' });
  person(other, 'o1', { mail: 'one@x' });
  await importAll(main, other);
  person(other, 'o1', { mail: 'new@x' });
  await world.run(other, 'delta-import-delta-sync');
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
});

test('an object moves when its value comes to name another person', async () => {
  person(main, 'm1', { number: '1' });
  person(main, 'm2', { number: '2' });
  person(other, 'o1', { number: '1' });
  await importAll(main, other);
  person(other, 'o1', { number: '2' });
  const run = await world.run(other, 'delta-import-delta-sync');
  expect(run.steps[0]?.statistics.synchronization.rejoins).toBe(1);
  expect(world.joinedSets()).toEqual(['main:m1', 'main:m2 other:o1']);
});

test('objects that trade their values trade their persons', async () => {
  person(main, 'm1', { number: '1' });
  person(main, 'm2', { number: '2' });
  person(other, 'o1', { number: '1' });
  person(other, 'o2', { number: '2' });
  await importAll(main, other);
  person(other, 'o1', { number: '2' });
  person(other, 'o2', { number: '1' });
  expect((await world.run(other, 'delta-import-delta-sync')).result).toBe('success');
  expect(world.joinedSets()).toEqual(['main:m1 other:o2', 'main:m2 other:o1']);
});

test('an object joins when flow gives a person the value that it has', async () => {
  person(main, 'm1', { number: '1' });
  person(other, 'o1', { mail: 'one@x' });
  await importAll(main, other);
  expect(world.find(other, 'o1')?.person).toBeUndefined();
  person(main, 'm1', { number: '1', mail: 'one@x' });
  await world.run(main, 'delta-import-delta-sync');
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
});

test('an object follows the value that moved from one person to another', async () => {
  person(main, 'm1', { number: '1', mail: 'desk@x' });
  person(main, 'm2', { number: '2', mail: 'two@x' });
  person(other, 'o1', { mail: 'desk@x' });
  await importAll(main, other);
  person(main, 'm1', { number: '1', mail: 'one@x' });
  person(main, 'm2', { number: '2', mail: 'desk@x' });
  await world.run(main, 'delta-import-delta-sync');
  expect(world.joinedSets()).toEqual(['main:m1', 'main:m2 other:o1']);
});

test('a rule of several pairs needs all of them', async () => {
  const both = draftAgent({ name: 'both', join: [['given=given', 'family=family']] });
  const people = draftAgent({ name: 'people', project: true, flow: ['given=given', 'family=family'] });
  await world.close();
  world = new IdentityWorld([people, both]);
  person(people, 'p1', { given: 'Ann', family: 'Lee' });
  person(people, 'p2', { given: 'Ann', family: 'Ray' });
  person(both, 'b1', { given: 'ann', family: 'RAY' });
  person(both, 'b2', { given: 'ann' });
  await importAll(people, both);
  expect(world.joinedSets()).toEqual(['-both:b2', 'both:b1 people:p2', 'people:p1']);
});

test('a person that one object projected gives way when that object joins another', async () => {
  const second = draftAgent({
    name: 'second',
    project: true,
    join: [['number=employeeId']],
    flow: ['number=employeeId'],
  });
  await world.close();
  world = new IdentityWorld([main, second]);
  person(second, 's1', { number: '1' });
  await importAll(second);
  expect(world.persons.count()).toBe(1);
  person(main, 'm1', { number: '1' });
  await importAll(main);
  expect(world.joinedSets()).toEqual(['main:m1 second:s1']);
  expect(world.persons.count()).toBe(1);
});

test('two objects that would become the same person are errors', async () => {
  const second = draftAgent({
    name: 'second',
    project: true,
    join: [['number=employeeId']],
    flow: ['number=employeeId'],
  });
  await world.close();
  world = new IdentityWorld([second]);
  person(second, 's1', { number: '1' });
  person(second, 's2', { number: '1' });
  const run = await world.run(second, 'full-import-delta-sync');
  expect(run.errors).toBe(2);
  expect(world.persons.count()).toBe(0);
});

test('what an administrator joined, the rules leave alone', async () => {
  person(main, 'm1', { number: '1' });
  person(main, 'm2', { number: '2' });
  person(other, 'o1', { number: '1' });
  await importAll(main, other);
  const object = world.find(other, 'o1');
  await world.joiner.join(object?.id ?? 0, world.find(main, 'm2')?.person ?? 0);
  await world.run(other, 'full-sync');
  expect(world.joinedSets()).toEqual(['main:m1', 'main:m2 other:o1']);
  expect(world.find(other, 'o1')?.link).toBe('manual');
});

test('what an administrator disconnected explicitly, the rules leave alone', async () => {
  person(main, 'm1', { number: '1' });
  person(other, 'o1', { number: '1' });
  await importAll(main, other);
  const id = world.find(other, 'o1')?.id ?? 0;
  await world.joiner.disconnect(id, 'explicit-disconnector');
  await world.run(other, 'full-sync');
  expect(world.find(other, 'o1')).toMatchObject({ state: 'explicit-disconnector', person: undefined });
  await world.joiner.disconnect(id, 'disconnector');
  await world.run(other, 'full-sync');
  expect(world.joinedSets()).toEqual(['main:m1 other:o1']);
});

test('an administrator cannot give a person two objects of one agent', async () => {
  person(main, 'm1', { number: '1' });
  person(other, 'o1', { number: '1' });
  person(other, 'o2', { number: '7' });
  await importAll(main, other);
  const attempt = world.joiner.join(world.find(other, 'o2')?.id ?? 0, world.find(main, 'm1')?.person ?? 0);
  await expect(attempt).rejects.toMatchObject({ code: 'conflict', fix: 'Disconnect CN=o1,DC=other first.' });
});

test('an administrator makes a person of an object that found none', async () => {
  person(other, 'o1', { number: '7', phone: '55' });
  await importAll(other);
  const made = await world.joiner.project(world.find(other, 'o1')?.id ?? 0);
  expect(world.persons.find(made)?.attributes).toEqual({ phone: ['55'] });
});

test('a changed join rule counts from the next full synchronization on', async () => {
  const late = draftAgent({ name: 'late' });
  await world.close();
  world = new IdentityWorld([main, late]);
  person(main, 'm1', { number: '1', mail: 'one@x' });
  person(late, 'l1', { badge: '1' });
  await world.run(main, 'full-import-delta-sync');
  await world.run(late, 'full-import-delta-sync');
  const [rule] = draftAgent({ name: 'x', join: [['badge=employeeId']] }).join;
  world.agents = [main, { ...late, join: rule === undefined ? [] : [rule] }];
  await world.run(late, 'full-sync');
  expect(world.joinedSets()).toEqual(['late:l1 main:m1']);
});
