import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Agent } from '#shared/model/agent.ts';
import { ConnectorSearch } from '#store/connector-search.ts';
import { SpaceRegistry } from '#store/space-registry.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let main: Agent;
let other: Agent;
let world: IdentityWorld;
let search: ConnectorSearch;

beforeEach(async () => {
  main = draftAgent({ name: 'main', project: true, flow: ['number=employeeId'] });
  other = draftAgent({ name: 'other', join: [['number=employeeId']] });
  world = new IdentityWorld([main, other]);
  for (const name of ['Ada', 'Bob', 'Ben'])
    world.directory(main).set(name, `CN=${name},DC=main`, { number: [name] });
  for (const name of ['Ada', 'Zoe', 'Bob'])
    world.directory(other).set(name, `CN=${name},DC=other`, { number: [name] });
  await world.run(main, 'full-import-delta-sync');
  await world.run(other, 'full-import-delta-sync');
  search = new ConnectorSearch(world.database, new SpaceRegistry(world.database));
});

afterEach(() => world.close());

function found(filter: Partial<Parameters<ConnectorSearch['find']>[0]>): readonly string[] {
  const ids = search.find({
    agent: main.id,
    text: '',
    states: undefined,
    after: undefined,
    limit: 10,
    ...filter,
  });
  return ids.map((id) => world.connectors.find(id)?.dn ?? '');
}

test('objects of one agent are found in the order of their names', () => {
  expect(found({})).toEqual(['CN=Ada,DC=main', 'CN=Ben,DC=main', 'CN=Bob,DC=main']);
});

test('a part of the name finds without regard to case', () => {
  expect(found({ text: 'cn=B' })).toEqual(['CN=Ben,DC=main', 'CN=Bob,DC=main']);
  expect(found({ text: '%' })).toEqual([]);
});

test('states narrow the search', () => {
  expect(found({ agent: other.id, states: ['disconnector'] })).toEqual(['CN=Zoe,DC=other']);
  expect(found({ agent: other.id, states: ['connector', 'disconnector'] })).toHaveLength(3);
  expect(found({ agent: other.id, states: ['filtered'] })).toEqual([]);
});

test('a page goes on behind the last object of the one before', () => {
  const [first] = search.find({ agent: main.id, text: '', states: undefined, after: undefined, limit: 1 });
  expect(found({ after: first, limit: 1 })).toEqual(['CN=Ben,DC=main']);
});
