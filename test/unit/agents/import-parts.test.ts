import fc from 'fast-check';
import { expect, test } from 'vitest';

import { grantsReset } from '#agents/active-directory/reset-right.ts';
import { anchorFilter, queryAnchor, readAnchor } from '#agents/directory-anchor.ts';
import { traitsOf } from '#agents/directory-traits.ts';
import { createEntryReader } from '#agents/entry-reader.ts';
import { importFailureOf } from '#agents/import-failure-of.ts';
import { AttributeNames } from '#directory/attribute-names.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';
import { readMessage } from '#directory/message-reader.ts';
import type { SearchEntry } from '#directory/search-entry.ts';
import { type DirectoryAgent, directoryAgentSchema } from '#shared/model/agent.ts';
import { entry as sentEntry } from '#test/scripted-directory.ts';

const guidBytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const guid = { attribute: 'objectGUID', form: 'guid', orDn: false } as const;
const uuid = { attribute: 'GUID', form: 'uuid', orDn: false } as const;
const orDn = { attribute: 'entryUUID', form: 'text', orDn: true } as const;

function entry(dn: string, attributes: Record<string, (string | Uint8Array)[]>): SearchEntry {
  const values = Object.entries(attributes).map(
    ([name, list]) =>
      [
        name.toLowerCase(),
        list.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)),
      ] as const,
  );
  return { kind: 'entry', dn, attributes: new Map(values), controls: [] };
}

function agentWith(extra: object): DirectoryAgent {
  return directoryAgentSchema.parse({
    kind: 'ldap',
    id: '11111111-2222-4333-8444-555555555555',
    name: 'x',
    connection: { url: 'ldaps://x', authentication: { method: 'external' } },
    partitions: [{ dn: 'dc=x' }],
    ...extra,
  });
}

test('an objectGUID is written as Windows writes it, another UUID in the order of its bytes', () => {
  const found = entry('cn=a', { objectGUID: [guidBytes], GUID: [guidBytes] });
  expect(readAnchor(found, guid)).toBe('33221100-5544-7766-8899-aabbccddeeff');
  expect(readAnchor(found, uuid)).toBe('00112233-4455-6677-8899-aabbccddeeff');
});

test('a filter names the bytes that the anchor was read from', () => {
  expect(anchorFilter('33221100-5544-7766-8899-aabbccddeeff', guid)).toBe(
    '(objectGUID=\\00\\11\\22\\33\\44\\55\\66\\77\\88\\99\\aa\\bb\\cc\\dd\\ee\\ff)',
  );
  expect(queryAnchor('33221100-5544-7766-8899-aabbccddeeff', guid)).toEqual({
    base: '<GUID=33221100-5544-7766-8899-aabbccddeeff>',
  });
});

test('an entry without an immutable name goes by its DN where the product has none', () => {
  expect(readAnchor(entry('CN=A, DC=X', {}), orDn)).toBe('cn=a,dc=x');
  expect(readAnchor(entry('CN=A, DC=X', {}), guid)).toBeUndefined();
  expect(queryAnchor('cn=a,dc=x', orDn)).toEqual({ base: 'cn=a,dc=x' });
});

test('values keep the spelling of the rules, and what is no text is base64', () => {
  const agent = agentWith({
    flow: [
      { connector: 'Mail', person: 'mail' },
      { connector: 'photo', person: 'photo' },
    ],
  });
  const item = createEntryReader(agent, traitsOf(agent)).read(
    entry('cn=a', {
      entryUUID: ['AAAAAAAA-0000-0000-0000-000000000000'],
      mail: ['a@x', ''],
      PHOTO: [Uint8Array.of(0xff, 0xd8)],
      objectClass: ['top', 'inetOrgPerson', 'person'],
      other: ['not asked for'],
    }),
  );
  expect(item).toEqual({
    kind: 'object',
    object: {
      anchor: 'aaaaaaaa-0000-0000-0000-000000000000',
      dn: 'cn=a',
      objectType: 'inetOrgPerson',
      attributes: { Mail: ['a@x'], photo: ['/9g='] },
    },
  });
});

test('an entry as it was sent is read as the same entry that was taken apart', () => {
  const agents = [
    agentWith({ flow: [{ connector: 'Mail', person: 'mail' }], profile: 'openldap' }),
    agentWith({ flow: [{ connector: 'Mail', person: 'mail' }], profile: 'edirectory' }),
    agentWith({ flow: [{ connector: 'Mail', person: 'mail' }], profile: 'generic' }),
  ];
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('person', 'inetOrgPerson', 'top', 'user', ''),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
  );
  const names = ['mail', 'UID', 'displayName', 'objectClass', 'entryUUID', 'GUID', 'other', 'möglich'];
  const guids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => [Uint8Array.from(bytes)]);
  const attributes = fc
    .tuple(fc.dictionary(fc.constantFrom(...names), fc.array(value)), guids)
    .map(([rest, guid]) => ({ ...rest, ...(rest['other'] === undefined ? {} : { GUID: guid }) }));
  const dn = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('CN=Ann Lee,DC=x'));
  fc.assert(
    fc.property(dn, attributes, fc.constantFrom(...agents), (name, sent, agent) => {
      const bytes = sentEntry(1, name, sent);
      const whole = readMessage(bytes, new AttributeNames());
      const encoded = readMessage(bytes, new AttributeNames(), () => true);
      if (whole.kind !== 'item' || whole.item.kind !== 'entry') throw new Error('no entry');
      if (encoded.kind !== 'item' || encoded.item.kind !== 'encoded') throw new Error('not as it was sent');
      const reader = createEntryReader(agent, traitsOf(agent));
      expect(reader.readEncoded(encoded.item)).toEqual(reader.read(whole.item));
    }),
  );
});

test('an entry without its anchor is a discovery error', () => {
  const agent = agentWith({ profile: 'openldap' });
  expect(createEntryReader(agent, traitsOf(agent)).read(entry('cn=a', {}))).toMatchObject({
    kind: 'unreadable',
    word: 'missing-anchor-component',
    dn: 'cn=a',
  });
});

const result = (code: number, diagnostic = '') => ({
  code,
  matchedDn: '',
  diagnostic,
  referrals: [],
  controls: [],
});

test.each([
  [new LinkError('unreachable', 'x'), 'sign-in', 'no-start-connection'],
  [new LinkError('closed', 'x'), 'middle', 'stopped-connectivity'],
  [new LinkError('protocol', 'x'), 'middle', 'stopped-unexpected-data'],
  [new LdapError('bind', result(49)), 'sign-in', 'no-start-credentials'],
  [new LdapError('bind', result(8)), 'sign-in', 'no-start-credentials'],
  [new LdapError('search', result(32)), 'start', 'no-start-bad-ma-configuration'],
  [new LdapError('search', result(50)), 'start', 'no-start-credentials'],
  [new LdapError('search', result(4)), 'middle', 'stopped-import-read'],
  [new LdapError('search', result(52)), 'middle', 'stopped-server-down'],
] as const)('%s while %s ends as %s', (error, phase, ending) => {
  expect(importFailureOf(error, phase, 'Importing dc=x')).toMatchObject({ result: ending, cause: error });
});

test('an abort and a fault of our own pass unchanged', () => {
  const abort = new LinkError('aborted', 'x');
  const fault = new TypeError('x');
  expect(importFailureOf(abort, 'middle', '')).toBe(abort);
  expect(importFailureOf(fault, 'middle', '')).toBe(fault);
});

const everyone = '010100000000000100000000';
const reset = Buffer.from('70952900' + '6d24' + 'd011' + 'a76800aa006e0529', 'hex');
const otherRight = Buffer.alloc(16, 7);

/** One access control entry; an object type makes it an object entry. */
function ace(type: number, mask: number, sid: string, objectType?: Buffer, flags = 0): Buffer {
  const body = [
    Buffer.alloc(4),
    ...(objectType === undefined ? [] : [Buffer.from([1, 0, 0, 0]), objectType]),
    Buffer.from(sid, 'hex'),
  ];
  body[0]?.writeUInt32LE(mask);
  const whole = Buffer.concat([Buffer.alloc(4), ...body]);
  whole[0] = type;
  whole[1] = flags;
  whole.writeUInt16LE(whole.length, 2);
  return whole;
}

function descriptor(...aces: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(20, 16);
  const list = Buffer.alloc(8);
  list.writeUInt16LE(aces.length, 4);
  return Buffer.concat([head, list, ...aces]);
}

test.each([
  ['an entry for the right', [ace(5, 0x100, everyone, reset)], true],
  ['an entry for another right', [ace(5, 0x100, everyone, otherRight)], false],
  ['full control', [ace(0, 0xf01ff, everyone)], true],
  ['reading only', [ace(0, 0x20094, everyone)], false],
  ['a denial first', [ace(6, 0x100, everyone, reset), ace(0, 0xf01ff, everyone)], false],
  ['an entry for children only', [ace(5, 0x100, everyone, reset, 8)], false],
  ['an entry for somebody else', [ace(0, 0xf01ff, '010100000000000500000000')], false],
] as const)('%s decides about resetting passwords', (_name, aces, verdict) => {
  expect(grantsReset(descriptor(...aces), new Set([everyone]))).toBe(verdict);
});

test('no bytes of a descriptor make its reader throw', () => {
  const whole = descriptor(ace(5, 0x100, everyone, reset), ace(0, 0xf01ff, everyone));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (place, byte, length) => {
      const mutated = Buffer.from(whole.subarray(0, length));
      if (place < mutated.length) mutated[place] = byte;
      expect([true, false, undefined]).toContain(grantsReset(mutated, new Set([everyone])));
    }),
    { numRuns: 3000 },
  );
});
