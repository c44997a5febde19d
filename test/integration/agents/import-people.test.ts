import { afterAll, beforeAll, expect, test } from 'vitest';

import { people } from '#lab/people.ts';
import { activeDirectoryAgent, ldapAgent, sourcesOf } from '#test/directory-agents.ts';
import { IdentityWorld } from '#test/identity-world.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();
const everyone = { filter: '(employeeNumber=10*)' };
const agents = [
  activeDirectoryAgent(samba, { filter: '(&(sAMAccountType=805306368)(employeeID=10*))' }),
  ldapAgent(openldap, 'openldap', everyone),
  ldapAgent(ds389, 'sun', everyone),
];
const [ad, ol, ds] = agents.map(({ agent }) => agent);
const world = new IdentityWorld(
  agents.map(({ agent }) => agent),
  sourcesOf(agents),
);

beforeAll(async () => {
  for (const { agent } of agents)
    expect(await world.run(agent, 'full-import-delta-sync')).toMatchObject({ errors: 0 });
});
afterAll(() => world.close());

test('a hundred people of three directories become a hundred persons with three connectors each', () => {
  expect(world.persons.count()).toBe(people.length);
  for (const person of people) {
    const [found, ...others] = world.persons
      .search(person.account, 5)
      .filter(({ attributes }) => attributes['accountName']?.[0] === person.account);
    expect(others).toEqual([]);
    expect(found?.attributes).toEqual({
      accountName: [person.account],
      department: [person.department],
      displayName: [`${person.givenName} ${person.surname}`],
      employeeId: [person.employeeNumber],
      mail: [person.mail],
    });
    expect(world.joins.connectorsOf(found?.id ?? 0).map(({ agent }) => agent)).toEqual([
      ad?.id,
      ol?.id,
      ds?.id,
    ]);
  }
});

test('anchors are in the form of each product', () => {
  const anchor = (agent: typeof ad) =>
    agent === undefined ? '' : (world.objectsOf(agent.id)[0]?.anchor ?? '');
  const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  expect(anchor(ad)).toMatch(guid);
  expect(anchor(ol)).toMatch(guid);
  expect(anchor(ds)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){3}$/);
});

test('object types come from the most specific class', () => {
  const typeOf = (agent: typeof ad) => (agent === undefined ? '' : world.objectsOf(agent.id)[0]?.objectType);
  expect([ad, ol, ds].map(typeOf)).toEqual(['user', 'inetOrgPerson', 'inetOrgPerson']);
});

test('a delta import right after finds nothing new', async () => {
  for (const { agent } of agents) {
    const run = await world.run(agent, 'delta-import-delta-sync');
    expect(run.steps[0]?.statistics.staging).toMatchObject({ adds: 0, updates: 0, renames: 0, deletes: 0 });
  }
});

test('a single object is fetched by its anchor', async () => {
  for (const { agent } of agents) {
    const [object] = world.objectsOf(agent.id);
    const source = sourcesOf(agents)(agent);
    const [partition] = agent.partitions;
    if (object === undefined || partition === undefined) throw new Error('nothing imported');
    const signal = new AbortController().signal;
    expect(await source.fetchObject(partition, object.anchor, signal)).toMatchObject({
      anchor: object.anchor,
      dn: object.dn,
    });
    const unknown = object.anchor.replace(/^........./, '00000000-');
    expect(await source.fetchObject(partition, unknown, signal)).toBeUndefined();
  }
});
