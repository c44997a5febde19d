import { expect, test } from 'vitest';

import type { SearchEntry } from '#directory/search-entry.ts';
import { createRemoteCallerProof } from '#host/remote/remote-caller.ts';
import type { Domain } from '#host/sso/domain-directory.ts';
import type { AgentId } from '#shared/model/change.ts';
import { ListedDirectory } from '#test/sso-world.ts';

interface Account {
  readonly name: string;
  readonly upn?: string;
  readonly disabled?: boolean;
}

const domainName = 'FABRIKAM';
const accounts: readonly Account[] = [
  { name: 'sara', upn: 'sara@fabrikam.lab' },
  { name: 'olga', upn: 'olga.olsen@fabrikam.lab' },
  { name: 'rita' },
  { name: 'user' },
  { name: 'gone', disabled: true },
  { name: 'mallory', upn: 'victim@fabrikam.lab' },
  { name: 'victim' },
  { name: 'nobody' },
];

function entryOf({ name, disabled = false }: Account): SearchEntry {
  const bytes = (text: string) => [new TextEncoder().encode(text)];
  return {
    dn: `CN=${name}`,
    attributes: new Map([
      ['samaccountname', bytes(name)],
      ['useraccountcontrol', bytes(disabled ? '514' : '512')],
    ]),
  } as unknown as SearchEntry;
}

/** Finds what a filter names, as the directory does: without regard to case. */
function search(filter: string): SearchEntry[] {
  const wanted = [...filter.matchAll(/\((\w+)=([^()]+)\)/g)].map(([, attribute, value]) => ({
    attribute,
    value: value?.toLowerCase(),
  }));
  return accounts
    .filter(({ name, upn }) =>
      wanted.some(({ attribute, value }) => (attribute === 'sAMAccountName' ? name : upn) === value),
    )
    .map(entryOf);
}

function notAskedFor(): never {
  throw new Error('Not asked for');
}

/** A connection of which only the search is asked for. */
const directoryAnswers: Domain['connect'] = async () => ({
  search: notAskedFor,
  add: notAskedFor,
  modify: notAskedFor,
  searchEntries: async ({ filter }) => search(filter),
});

function createProof(connect = directoryAnswers) {
  const domain: Domain = { agent: 'a' as AgentId, name: domainName, dn: 'DC=fabrikam,DC=lab', connect };
  return createRemoteCallerProof({
    domains: () => [domain],
    directory: new ListedDirectory(
      accounts.map(({ name }) => `${domainName}\\${name}`),
      {
        'FABRIKAM\\Admins': ['FABRIKAM\\Staff'],
        'FABRIKAM\\Staff': ['FABRIKAM\\sara'],
        'FABRIKAM\\Readers': ['FABRIKAM\\sara', 'FABRIKAM\\rita', 'FABRIKAM\\gone', 'FABRIKAM\\victim'],
      },
    ),
    settings: () => ({
      administrators: ['FABRIKAM\\Admins'],
      operators: ['FABRIKAM\\olga'],
      readers: ['FABRIKAM\\Readers'],
    }),
    isKnownToSso: async (account) => account === 'FABRIKAM\\user',
  });
}

test.each([
  ['sara', 'FABRIKAM\\sara', 'administer'],
  ['olga.olsen', 'FABRIKAM\\olga', 'operate'],
  ['rita', 'FABRIKAM\\rita', 'browse'],
  ['user', 'FABRIKAM\\user', 'use'],
])('%s is %s, and may %s: the highest of its roles counts', async (name, account, access) => {
  expect(await createProof()(`${name}@FABRIKAM.LAB`)).toEqual({
    principal: `${name}@FABRIKAM.LAB`,
    account,
    access,
  });
});

test.each([
  ['no role', 'nobody@FABRIKAM.LAB', 'no-role', 'FABRIKAM\\nobody has no role'],
  ['no account', 'stranger@FABRIKAM.LAB', 'no-role', 'has no account stranger'],
  ['an account that is disabled', 'gone@FABRIKAM.LAB', 'no-role', 'is disabled'],
  ['a name that somebody else has taken too', 'victim@FABRIKAM.LAB', 'no-role', 'the name of two accounts'],
  ['another realm', 'sara@NORTHWIND.LAB', 'wrong-realm', 'no domain that this server knows'],
  ['a service instead of an account', 'host/dc1@FABRIKAM.LAB', 'wrong-realm', 'no domain'],
])('whoever has %s is refused', async (_, principal, reason, words) => {
  await expect(createProof()(principal)).rejects.toMatchObject({
    reason,
    message: expect.stringContaining(words),
  });
});

test('a directory that does not answer lets nobody in, and says that it is the directory', async () => {
  const proof = createProof(() => Promise.reject(new Error('No domain controller answers')));
  await expect(proof('sara@FABRIKAM.LAB')).rejects.toMatchObject({ reason: 'not-proven', event: 7049 });
});
