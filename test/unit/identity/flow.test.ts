import { afterEach, expect, test } from 'vitest';

import { lineageOf } from '#identity/lineage.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

const first = draftAgent({ name: 'first', project: true, flow: ['id=key', 'mail=mail', 'name=displayName'] });
const second = draftAgent({
  name: 'second',
  join: [['id=key']],
  flow: ['mail=mail', 'phone=telephone', 'cn=displayName', 'nick=displayName'],
});

let world = new IdentityWorld([first, second]);

afterEach(async () => {
  await world.close();
  world = new IdentityWorld([first, second]);
});

async function arrange(attributes: { first: Record<string, string[]>; second: Record<string, string[]> }) {
  world.directory(first).set('f', 'CN=f,DC=first', { id: ['1'], ...attributes.first });
  world.directory(second).set('s', 'CN=s,DC=second', { id: ['1'], ...attributes.second });
  await world.run(first, 'full-import-delta-sync');
  await world.run(second, 'full-import-delta-sync');
  return world.find(first, 'f')?.person ?? 0;
}

test('the earlier agent takes precedence and the later one fills the gaps', async () => {
  const person = await arrange({ first: { mail: ['a@x'] }, second: { mail: ['b@x'], phone: ['5'] } });
  expect(world.persons.find(person)?.attributes).toEqual({ key: ['1'], mail: ['a@x'], telephone: ['5'] });
});

test('a value that the earlier agent loses falls back to the later one', async () => {
  const person = await arrange({ first: { mail: ['a@x'] }, second: { mail: ['b@x'] } });
  world.directory(first).set('f', 'CN=f,DC=first', { id: ['1'] });
  await world.run(first, 'delta-import-delta-sync');
  expect(world.persons.find(person)?.attributes['mail']).toEqual(['b@x']);
});

test('precedence follows the order of the agents, not the order of the imports', async () => {
  world.agents = [second, first];
  const person = await arrange({ first: { mail: ['a@x'] }, second: { mail: ['b@x'] } });
  expect(world.persons.find(person)?.attributes['mail']).toEqual(['b@x']);
});

test('of two flows into one attribute the first with a value counts', async () => {
  const person = await arrange({ first: {}, second: { nick: ['Jo'], cn: [] } });
  expect(world.persons.find(person)?.attributes['displayName']).toEqual(['Jo']);
});

test('a person loses what only a deleted connector contributed', async () => {
  const person = await arrange({ first: {}, second: { phone: ['5'] } });
  world.directory(second).delete('s');
  await world.run(second, 'delta-import-delta-sync');
  expect(world.persons.find(person)?.attributes).toEqual({ key: ['1'] });
  expect(world.joins.connectorsOf(person)).toHaveLength(1);
});

test('a person goes with the last connector', async () => {
  const person = await arrange({ first: {}, second: {} });
  world.directory(first).delete('f');
  world.directory(second).delete('s');
  await world.run(first, 'delta-import-delta-sync');
  expect(world.persons.find(person)).toBeDefined();
  const run = await world.run(second, 'delta-import-delta-sync');
  expect(world.persons.find(person)).toBeUndefined();
  expect(run.steps[0]?.statistics.synchronization).toMatchObject({ connectorDeletes: 1, personDeletes: 1 });
});

test('lineage tells the agent and the object behind each attribute', async () => {
  const person = await arrange({ first: { mail: ['a@x'] }, second: { phone: ['5'] } });
  const lineage = lineageOf(person, {
    rules: world.rules,
    space: world.connectors,
    metaverse: world.persons,
  });
  expect(lineage?.attributes.map(({ attribute, agent }) => [attribute, agent])).toEqual([
    ['key', first.id],
    ['mail', first.id],
    ['telephone', second.id],
  ]);
  expect(lineage?.connectors.map(({ anchor, link }) => [anchor, link])).toEqual([
    ['f', 'projection'],
    ['s', 'join'],
  ]);
});

test('a person is found by the start of any attribute, without regard to case', async () => {
  const person = await arrange({ first: { name: ['Zoë  Groß'] }, second: {} });
  expect(world.persons.search('zoë gross', 10).map(({ id }) => id)).toEqual([person]);
  expect(world.persons.search('ZOË', 10)).toHaveLength(1);
  expect(world.persons.search('oë', 10)).toHaveLength(0);
});
