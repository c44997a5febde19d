import { afterAll, beforeAll, expect, test } from 'vitest';

import { type PersonClause, personClauseSchema } from '#shared/contract/people.ts';
import { PersonSearch } from '#store/person-search.ts';
import { PersonStore } from '#store/person-store.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let world: IdentityWorld;
let search: PersonSearch;

beforeAll(async () => {
  const agent = draftAgent({ name: 'main', project: true, flow: ['cn=name', 'ou=department', 'mail=mail'] });
  world = new IdentityWorld([agent]);
  const directory = world.directory(agent);
  directory.set('1', 'CN=Ada,DC=main', {
    cn: ['Ada Lovelace'],
    ou: ['Sales'],
    mail: ['ada@one.lab', 'al@two.lab'],
  });
  directory.set('2', 'CN=Bob,DC=main', { cn: ['Bob Sales'], ou: ['Research'] });
  directory.set('3', 'CN=Zoe,DC=main', { cn: ['Zoe 100%'], mail: ['zoe@one.lab'] });
  await world.run(agent, 'full-import-full-sync');
  search = new PersonSearch(world.database);
});

afterAll(() => world.close());

function found(...clauses: readonly PersonClause[]): readonly string[] {
  return search
    .find(clauses, 10)
    .map((id) => new PersonStore(world.database).find(id)?.attributes['name']?.[0] ?? '');
}

test('each operator of Metaverse Search finds what its name says, without regard to case', () => {
  expect(found({ attribute: 'Department', operator: 'equals', value: 'SALES' })).toEqual(['Ada Lovelace']);
  expect(found({ attribute: 'name', operator: 'contains', value: 'sales' })).toEqual(['Bob Sales']);
  expect(found({ attribute: 'name', operator: 'does-not-contain', value: 'o' })).toEqual([]);
  expect(found({ attribute: 'name', operator: 'starts-with', value: 'b' })).toEqual(['Bob Sales']);
  expect(found({ attribute: 'mail', operator: 'ends-with', value: '@TWO.lab' })).toEqual(['Ada Lovelace']);
  expect(found({ attribute: 'mail', operator: 'is-present' })).toEqual(['Ada Lovelace', 'Zoe 100%']);
  expect(found({ attribute: 'mail', operator: 'is-not-present' })).toEqual(['Bob Sales']);
});

test('a person is found that has no value which could contain the text', () => {
  expect(found({ attribute: 'department', operator: 'does-not-contain', value: 'sal' })).toEqual([
    'Bob Sales',
    'Zoe 100%',
  ]);
});

test('every clause must hold', () => {
  const mail = { attribute: 'mail', operator: 'is-present' } as const;
  expect(found(mail, { attribute: 'name', operator: 'starts-with', value: 'z' })).toEqual(['Zoe 100%']);
  expect(found(mail, { attribute: 'department', operator: 'equals', value: 'research' })).toEqual([]);
});

test('what a pattern would mean is text', () => {
  expect(found({ attribute: 'name', operator: 'contains', value: '%' })).toEqual(['Zoe 100%']);
  expect(found({ attribute: 'name', operator: 'starts-with', value: '_' })).toEqual([]);
});

test('a clause compares with a value exactly where its operator does', () => {
  expect(
    personClauseSchema.safeParse({ attribute: 'mail', operator: 'is-present', value: 'x' }).success,
  ).toBe(false);
  expect(personClauseSchema.safeParse({ attribute: 'mail', operator: 'equals' }).success).toBe(false);
});
