import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { DirectoryPasswordTarget } from '#agents/directory-password-target.ts';
import { createPasswordTarget } from '#agents/password-target-of.ts';
import { BerReader } from '#directory/ber-reader.ts';
import { berTag } from '#directory/ber-tag.ts';
import type { Connector } from '#engine/join-table.ts';
import { type DirectoryAgent, directoryAgentSchema, type LdapProfile } from '#shared/model/agent.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import {
  type Answering,
  entry,
  result,
  ScriptedDirectory,
  type SeenRequest,
} from '#test/scripted-directory.ts';

const dn = 'cn=jane,dc=lab';
const anchor = '01234567-89ab-cdef-0123-456789abcdef';
const signal = new AbortController().signal;
const passwordModify = '1.3.6.1.4.1.4203.1.11.1';
const passwordPolicy = '1.3.6.1.4.1.42.2.27.8.5.1';

let folder: string;
let server: ScriptedDirectory;
const targets: DirectoryPasswordTarget[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-products-'));
  server = await ScriptedDirectory.open(join(folder, 'ldapi'), answering());
});
afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
  await server.close();
  rmSync(folder, { recursive: true });
});

const secret = (text: string) => SecretBytes.take(new TextEncoder().encode(text));

interface Script {
  /** Of the root entry. */
  readonly root?: Readonly<Record<string, readonly string[]>>;
  /** Of the object. */
  readonly object?: Readonly<Record<string, readonly string[]>>;
  /** Result code of each write and bind, in turn; then 0. */
  readonly codes?: readonly (readonly [code: number, words: string])[];
}

/** A directory with one object that takes everything. */
function answering({ root = {}, object = {}, codes = [] }: Script = {}): Answering {
  const queue = [...codes];
  return ({ id, tag, body }) => {
    const operation = body.enter();
    if (tag === berTag.searchRequest) {
      const base = operation.text(berTag.octetString);
      const found = base === '' ? entry(id, '', root) : entry(id, dn, object);
      return Buffer.concat([found, result(id, berTag.searchDone)]);
    }
    if (tag === berTag.bindRequest) {
      // SASL EXTERNAL, the agent's own sign-in.
      operation.skip();
      operation.skip();
      if (operation.peek() === 0xa3) return result(id, berTag.bindResponse);
    }
    const [code, words] = queue.shift() ?? [0, ''];
    const answers: Readonly<Record<number, number>> = {
      [berTag.bindRequest]: berTag.bindResponse,
      [berTag.modifyRequest]: berTag.modifyResponse,
      [berTag.extendedRequest]: berTag.extendedResponse,
    };
    const answer = answers[tag];
    return answer === undefined ? undefined : result(id, answer, code, words);
  };
}

function targetOf(profile: LdapProfile): {
  readonly target: DirectoryPasswordTarget;
  readonly connector: Connector;
} {
  const agent: DirectoryAgent = directoryAgentSchema.parse({
    id: randomUUID(),
    name: 'Target',
    kind: 'ldap',
    profile,
    connection: { url: server.url, authentication: { method: 'external' } },
    partitions: [{ dn: 'dc=lab' }],
  });
  const target = createPasswordTarget(agent, async () => secret('never asked for'));
  targets.push(target);
  const connector = {
    id: 1,
    agent: agent.id,
    partition: 'dc=lab',
    dn,
    anchor,
    objectType: 'user',
    person: undefined,
    incoming: undefined,
    outgoing: undefined,
  };
  return { target, connector };
}

/** The changes of each modification, and `exop` with its texts for an extended operation. */
function writes(): unknown[] {
  return server.requests.flatMap(({ tag, bytes }: SeenRequest) => {
    const message = new BerReader(bytes).enter(berTag.sequence);
    message.skip();
    if (tag === berTag.extendedRequest) {
      const operation = message.enter();
      const oid = operation.text();
      const value = operation.enter().enter(berTag.sequence);
      const texts: string[] = [];
      while (value.more) texts.push(value.text());
      return [['exop', oid, ...texts]];
    }
    if (tag !== berTag.modifyRequest) return [];
    const operation = message.enter();
    const name = operation.text(berTag.octetString);
    const list = operation.enter(berTag.sequence);
    const changes: unknown[] = [];
    while (list.more) {
      const change = list.enter(berTag.sequence);
      const kind = ['add', 'delete', 'replace'][change.integer(berTag.enumerated)];
      const attribute = change.enter(berTag.sequence);
      const type = attribute.text(berTag.octetString);
      const values = attribute.enter(berTag.set);
      const texts: string[] = [];
      while (values.more) texts.push(Buffer.from(values.bytes()).toString('latin1').replaceAll('\0', ''));
      changes.push([kind, type, ...texts]);
    }
    return [[name, ...changes]];
  });
}

const set = ['replace', 'userPassword', 'New-1'];

test.each([
  [
    'openldap',
    {},
    [
      ['exop', passwordModify, dn, 'New-1'],
      [dn, ['replace', 'pwdReset', 'TRUE']],
    ],
  ],
  [
    'sun',
    { vendorName: ['389 Project'] },
    [
      [
        dn,
        set,
        ['replace', 'accountUnlockTime'],
        ['replace', 'passwordRetryCount', '0'],
        ['replace', 'passwordExpirationTime', '19700101000000Z'],
      ],
    ],
  ],
  [
    'sun',
    { vendorName: ['Oracle Corporation'], vendorVersion: ['Sun-Directory-Server/11.1.1.7'] },
    [[dn, set, ['replace', 'pwdAccountLockedTime'], ['replace', 'pwdReset', 'TRUE']]],
  ],
  ['ibm', {}, [[dn, set, ['replace', 'pwdAccountLockedTime'], ['replace', 'pwdReset', 'TRUE']]]],
  [
    'edirectory',
    {},
    [
      [
        dn,
        set,
        ['replace', 'lockedByIntruder', 'FALSE'],
        ['replace', 'loginIntruderAttempts', '0'],
        ['replace', 'passwordExpirationTime', '19700101000000Z'],
      ],
    ],
  ],
  [
    'adlds',
    {},
    [
      [
        `<GUID=${anchor}>`,
        ['replace', 'unicodePwd', '"New-1"'],
        ['replace', 'lockoutTime', '0'],
        ['replace', 'pwdLastSet', '0'],
      ],
    ],
  ],
  [
    'generic',
    { supportedExtension: [passwordModify], supportedControl: [passwordPolicy] },
    [
      ['exop', passwordModify, dn, 'New-1'],
      [dn, ['replace', 'pwdReset', 'TRUE']],
    ],
  ],
  ['generic', { supportedControl: [passwordPolicy] }, [[dn, set, ['replace', 'pwdReset', 'TRUE']]]],
] as const)('%s with %j sets, unlocks and demands a change', async (profile, root, expected) => {
  server.answer = answering({ root });
  const { target, connector } = targetOf(profile);
  await target.setPassword(connector, secret('New-1'), { unlock: true, mustChange: true }, signal);
  expect(writes()).toEqual(expected);
});

test.each([
  ['openldap', [['exop', passwordModify, dn, 'Old-1', 'New-1']]],
  ['edirectory', [[dn, ['delete', 'userPassword', 'Old-1'], ['add', 'userPassword', 'New-1']]]],
  ['adlds', [[`<GUID=${anchor}>`, ['delete', 'unicodePwd', '"Old-1"'], ['add', 'unicodePwd', '"New-1"']]]],
] as const)('%s changes with the old password', async (profile, expected) => {
  const { target, connector } = targetOf(profile);
  await target.changePassword(connector, secret('Old-1'), secret('New-1'), signal);
  expect(writes()).toEqual(expected);
});

test('a demand that the directory does not know is refused before anything is set', async () => {
  const { target, connector } = targetOf('generic');
  await expect(
    target.setPassword(connector, secret('New-1'), { unlock: false, mustChange: true }, signal),
  ).rejects.toMatchObject({ word: 'ma-feature-not-supported', certainty: 'not-applied' });
  expect(writes()).toEqual([]);
});

test('a set whose demand fails afterwards is not told as not applied', async () => {
  server.answer = answering({
    codes: [
      [0, ''],
      [50, 'no write access to pwdReset'],
    ],
  });
  const { target, connector } = targetOf('openldap');
  await expect(
    target.setPassword(connector, secret('New-1'), { unlock: false, mustChange: true }, signal),
  ).rejects.toMatchObject({
    word: 'access-denied',
    certainty: 'unknown',
    message: expect.stringMatching(/was set, but not pwdReset/),
  });
});

test('a set that is refused as used before succeeds where the password is the present one', async () => {
  server.answer = answering({
    codes: [
      [19, 'password in history'],
      [0, ''],
    ],
  });
  const { target, connector } = targetOf('ibm');
  await target.setPassword(connector, secret('New-1'), { unlock: false, mustChange: true }, signal);
  expect(writes()).toEqual([
    [dn, set, ['replace', 'pwdReset', 'TRUE']],
    [dn, ['replace', 'pwdReset', 'TRUE']],
  ]);
});

test('and is refused where it is not', async () => {
  server.answer = answering({
    codes: [
      [19, 'password in history'],
      [49, ''],
    ],
  });
  const { target, connector } = targetOf('ibm');
  await expect(
    target.setPassword(connector, secret('New-1'), { unlock: false, mustChange: false }, signal),
  ).rejects.toMatchObject({ word: 'new-password-violate-policy' });
});

test.each([
  ['openldap', { pwdAccountLockedTime: ['000001010000Z'] }, /locked/],
  ['openldap', { pwdFailureTime: ['20260101000000Z'] }, /could lock/],
  ['openldap', { pwdEndTime: ['20200101000000Z'] }, /expired/],
  ['sun', { accountUnlockTime: ['19700101000000Z'] }, /locked/],
  ['sun', { accountUnlockTime: ['29990101000000Z'] }, /locked/],
  ['sun', { accountUnlockTime: ['20200101000000Z'] }, undefined],
  ['sun', { nsAccountLock: ['true'] }, /disabled/],
  ['sun', { passwordRetryCount: ['2'] }, /could lock/],
  ['sun', { passwordRetryCount: ['2'], retryCountResetTime: ['20200101000000Z'] }, undefined],
  ['ibm', { 'ibm-pwdAccountLocked': ['TRUE'] }, /locked/],
  ['edirectory', { lockedByIntruder: ['TRUE'] }, /locked/],
  ['edirectory', { loginDisabled: ['TRUE'] }, /disabled/],
  ['edirectory', { loginIntruderAttempts: ['1'] }, /could lock/],
  ['edirectory', { loginExpirationTime: ['20200101000000Z'] }, /expired/],
  ['adlds', { 'msDS-UserAccountDisabled': ['TRUE'] }, /disabled/],
  ['adlds', { 'msDS-User-Account-Control-Computed': ['16'] }, /locked/],
  ['adlds', { badPwdCount: ['1'] }, /could lock/],
  ['adlds', { badPwdCount: ['0'], accountExpires: ['9223372036854775807'] }, undefined],
] as const)('%s: a proof at an account with %j', async (profile, object, reason) => {
  server.answer = answering({ object });
  const { target, connector } = targetOf(profile);
  expect(await target.verifyPassword(connector, secret('New-1'), signal)).toEqual(
    reason === undefined
      ? { verdict: 'verified' }
      : { verdict: 'not-possible', reason: expect.stringMatching(reason) },
  );
  const binds = server.requests.filter(({ tag }) => tag === berTag.bindRequest);
  expect(binds).toHaveLength(reason === undefined ? 2 : 1);
});
