import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Agent } from '#shared/model/agent.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let main: Agent;
let other: Agent;
let world: IdentityWorld;

beforeEach(async () => {
  main = draftAgent({ name: 'main', project: true, flow: ['number=employeeId'] });
  other = draftAgent({ name: 'other', join: [['number=employeeId']] });
  world = new IdentityWorld([main, other]);
  for (let index = 0; index < 5; index += 1) {
    world.directory(main).set(`m${index}`, `CN=m${index},DC=main`, { number: [String(index)] });
    world
      .directory(other)
      .set(`o${index}`, `CN=o${index},DC=other`, { number: [String(index)], uid: [`Login${index}`] });
  }
  await world.run(main, 'full-import-delta-sync');
  await world.run(other, 'full-import-delta-sync');
});

afterEach(() => world.close());

test('the join table leads from an object to everybody else of its person, with their stamps', async () => {
  const source = world.joins.findConnector(main.id, 'm3');
  expect(source).toMatchObject({
    agent: main.id,
    partition: 'DC=main',
    dn: 'CN=m3,DC=main',
    incoming: undefined,
  });
  await world.database.commit(() =>
    world.database.run(
      'INSERT INTO password_stamp VALUES (?, 1000, 2, 3000, 4)',
      world.joins.findConnector(other.id, 'o3')?.id ?? 0,
    ),
  );
  expect(
    world.joins
      .connectorsOf(source?.person ?? 0)
      .map(({ anchor, incoming, outgoing }) => [anchor, incoming, outgoing]),
  ).toEqual([
    ['m3', undefined, undefined],
    ['o3', { committedAt: 1000, version: 2 }, { committedAt: 3000, version: 4 }],
  ]);
});

test('the stamps and digests of a connector go with it, and its number is not given out again', async () => {
  const id = world.joins.findConnector(other.id, 'o4')?.id ?? 0;
  await world.database.commit(() => {
    world.database.run('INSERT INTO password_stamp VALUES (?, 1, 1, 1, 1)', id);
    world.database.run('INSERT INTO digest VALUES (?, 1, ?)', id, Buffer.from('d'));
  });
  world.directory(other).delete('o4');
  await world.run(other, 'delta-import-delta-sync');
  expect(world.database.get('SELECT * FROM password_stamp WHERE connector = ?', id)).toBeUndefined();
  expect(world.database.get('SELECT * FROM digest WHERE connector = ?', id)).toBeUndefined();
  world.directory(other).set('o4', 'CN=o4,DC=other', { number: ['4'] });
  await world.run(other, 'delta-import-delta-sync');
  expect(world.joins.findConnector(other.id, 'o4')?.id).toBeGreaterThan(id);
});

test('objects are counted by state', async () => {
  world.directory(other).set('o9', 'CN=o9,DC=other', {});
  await world.run(other, 'delta-import-delta-sync');
  await world.joiner.disconnect(world.find(other, 'o1')?.id ?? 0, 'explicit-disconnector');
  expect(world.connectors.counts(other.id)).toEqual({
    connector: 4,
    disconnector: 1,
    'explicit-disconnector': 1,
    filtered: 0,
  });
});

test('an account is found by its logon name, without regard to case', () => {
  expect(world.connectors.findByAccountName(other, 'LOGIN2').map(({ anchor }) => anchor)).toEqual(['o2']);
  expect(world.connectors.findByAccountName(other, 'login')).toEqual([]);
});

test('a partition that is spelled anew keeps its objects and its watermark', async () => {
  world.agents = [main, { ...other, partitions: [{ dn: 'dc=OTHER', include: [], exclude: [] }] }];
  const run = await world.run(other, 'delta-import-delta-sync');
  expect(run.result).toBe('completed-no-objects');
  expect(world.joins.findConnector(other.id, 'o1')?.partition).toBe('dc=OTHER');
});

test('an agent that left the configuration leaves its objects alone', async () => {
  world.agents = [main];
  await world.run(main, 'full-sync');
  expect(world.joins.findConnector(other.id, 'o1')?.person).toBeDefined();
});

test('old runs are cleared with their errors', async () => {
  const [newest] = world.runs.list(1);
  expect(await world.runs.clear((newest?.endedAt ?? 0) + 1)).toBe(2);
  expect(world.runs.list(10)).toEqual([]);
});
