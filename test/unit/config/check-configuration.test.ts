import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { checkConfiguration } from '#host/configuration/check-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ids = {
  directory: '11111111-1111-4111-8111-111111111111',
  target: '22222222-2222-4222-8222-222222222222',
  stranger: '99999999-9999-4999-8999-999999999999',
};

type Json = Record<string, unknown>;

/** A correct configuration, with places replaced by dotted path. */
function configuration(changes: Record<string, unknown> = {}): string {
  const base: Json = {
    version: 1,
    agents: [
      {
        id: ids.directory,
        name: 'Directory',
        kind: 'active-directory',
        connection: {
          url: 'ldaps://dc1.fabrikam.lab',
          authentication: { method: 'simple', user: 'svc@fabrikam.lab' },
        },
        partitions: [
          {
            dn: 'DC=fabrikam,DC=lab',
            passwordSource: { enabled: true, domain: 'FABRIKAM', targets: [ids.target] },
          },
        ],
        project: true,
        runProfiles: [{ name: 'Full', steps: [{ type: 'full-import-full-sync' }] }],
      },
      {
        id: ids.target,
        name: 'Target',
        kind: 'ldap',
        profile: 'openldap',
        connection: {
          url: 'ldaps://ldap.fabrikam.lab',
          authentication: { method: 'simple', user: 'cn=admin,dc=fabrikam' },
        },
        partitions: [{ dn: 'dc=fabrikam' }],
        join: [{ mappings: [{ connector: 'uid', person: 'accountName' }] }],
        password: { enabled: true },
      },
    ],
  };
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json>((at, key) => {
      at[key] ??= {};
      return at[key] as Json;
    }, base);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return JSON.stringify(base, null, 2);
}

const file = (name: string, content: string | Uint8Array, mode: number): string => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  return path;
};

test('a correct configuration has no mistake, and gets its defaults', () => {
  const { configuration: parsed, mistakes } = checkConfiguration(configuration());
  expect(mistakes).toEqual([]);
  expect(parsed?.passwordSync).toMatchObject({ enabled: false, historySize: 24, maxQueueAge: 259_200 });
  expect(parsed?.agents[1]?.password).toMatchObject({
    retryCount: 10,
    retryInterval: 60,
    requireSecureConnection: true,
    unlock: false,
  });
});

test.each<[what: string, changes: Record<string, unknown>, path: string, allowed: RegExp, fix: RegExp]>([
  ['too large', { logLevel: 4 }, 'logLevel', /whole number, 0 to 3, default 1/, /0 to 3/],
  ['too small', { 'passwordSync.maxQueueAge': 59 }, 'passwordSync.maxQueueAge', /60 to 31536000/, /60/],
  ['a quoted number', { metricsPort: '9464' }, 'metricsPort', /0 to 65535/, /Remove the quotes: 9464/],
  ['a quoted truth', { 'passwordSync.enabled': 'true' }, 'passwordSync.enabled', /true or false/, /quotes/],
  ['a number for a text', { 'agents.0.name': 7 }, 'agents[0].name', /1 to 64 characters/, /text/],
  ['an empty text', { 'agents.0.name': '' }, 'agents[0].name', /1 to 64 characters/, /text/],
  ['a list for an object', { passwordSync: [] }, 'passwordSync', /object with "enabled"/, /an object/],
  ['a mistyped key', { pasword: {} }, 'pasword', /"passwordSync"/, /Did you mean "passwordSync"/],
  ['an unknown key', { colour: 'red' }, 'colour', /"version"/, /Remove it/],
  ['a mistyped key of a branch', { 'agents.1.profil': 'sun' }, 'agents[1].profil', /"profile"/, /"profile"/],
  ['a mistyped choice', { 'agents.1.profile': 'opnldap' }, 'agents[1].profile', /"sun"/, /"openldap"/],
  ['an unknown choice', { 'agents.1.profile': 'x500' }, 'agents[1].profile', /"sun"/, /Use "openldap"/],
  ['an unknown kind', { 'agents.1.kind': 'ldpa' }, 'agents[1].kind', /"ldap"/, /Did you mean "ldap"/],
  ['an unknown keeper', { keyKeeper: { kind: 'tpm' } }, 'keyKeeper.kind', /"key-file"/, /"keychain"/],
  ['a missing key', { version: undefined }, 'version', /^1$/, /Add "version": 1/],
  [
    'a missing key inside',
    { 'agents.0.connection.url': undefined },
    'agents[0].connection.url',
    /text/,
    /Add/,
  ],
  ['no GUID', { 'agents.0.id': 'hr' }, 'agents[0].id', /GUID/, /uuidgen/],
  [
    'no LDAP address',
    { 'agents.0.connection.url': 'http://dc1' },
    'agents[0].connection.url',
    /text/,
    /ldaps/,
  ],
  ['an empty list', { 'agents.1.partitions': [] }, 'agents[1].partitions', /at least 1 entry/, /list/],
])('%s is named with its path, the allowed values and the fix', (_, changes, path, allowed, fix) => {
  const { configuration: parsed, mistakes } = checkConfiguration(configuration(changes));
  expect(parsed).toBeUndefined();
  expect(mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      path,
      line: expect.any(Number),
      allowed: expect.stringMatching(allowed),
      fix: expect.stringMatching(fix),
    }),
  );
});

test.each<[what: string, severity: string, changes: Record<string, unknown>, path: string, message: RegExp]>([
  ['a double name', 'error', { 'agents.1.name': 'directory' }, 'agents[1].name', /named "directory"/],
  ['a double id', 'error', { 'agents.1.id': ids.directory }, 'agents[1].id', /has the id/],
  [
    'an unknown target',
    'error',
    { 'agents.0.partitions.0.passwordSource.targets': [ids.stranger] },
    'agents[0].partitions[0].passwordSource.targets[0]',
    /No agent has the id/,
  ],
  [
    'itself as target',
    'error',
    { 'agents.0.partitions.0.passwordSource.targets': [ids.directory] },
    'agents[0].partitions[0].passwordSource.targets[0]',
    /its own target/,
  ],
  [
    'a double target',
    'error',
    { 'agents.0.partitions.0.passwordSource.targets': [ids.target, ids.target] },
    'agents[0].partitions[0].passwordSource.targets[1]',
    /twice/,
  ],
  [
    'a second source of a domain',
    'error',
    {
      'agents.1.partitions.0.passwordSource': { enabled: true, domain: 'fabrikam', targets: [ids.directory] },
    },
    'agents[1].partitions[0].passwordSource.domain',
    /domain FABRIKAM/,
  ],
  [
    'a source without target',
    'warning',
    { 'agents.0.partitions.0.passwordSource.targets': [] },
    'agents[0].partitions[0].passwordSource.targets',
    /without a target/,
  ],
  [
    'a target without password management',
    'warning',
    { 'agents.1.password': { enabled: false } },
    'agents[0].partitions[0].passwordSource.targets[0]',
    /6921/,
  ],
  [
    'plain LDAP where a secure connection is required',
    'error',
    { 'agents.1.connection.url': 'ldap://ldap.fabrikam.lab' },
    'agents[1].connection.url',
    /requires a secure connection/,
  ],
  [
    'change alone',
    'warning',
    { 'agents.1.password.operations': 'change' },
    'agents[1].password.operations',
    /6928/,
  ],
  [
    'a container outside',
    'error',
    { 'agents.1.partitions.0.include': ['ou=people,dc=contoso'] },
    'agents[1].partitions[0].include[0]',
    /does not lie in/,
  ],
  [
    'an unknown partition in a run step',
    'error',
    { 'agents.0.runProfiles.0.steps.0.partition': 'DC=contoso' },
    'agents[0].runProfiles[0].steps[0].partition',
    /no partition/,
  ],
  [
    'external authentication over a network',
    'error',
    { 'agents.1.connection.authentication': { method: 'external' } },
    'agents[1].connection.authentication.method',
    /ldapi/,
  ],
  ['neither join nor projection', 'warning', { 'agents.1.join': [] }, 'agents[1]', /neither joins/],
  ['no channel', 'warning', { 'passwordSync.enabled': true }, 'passwordSync.enabled', /domain controller/],
  [
    'no source',
    'warning',
    { 'passwordSync.enabled': true, 'agents.0.partitions.0.passwordSource': undefined },
    'passwordSync.enabled',
    /no partition is a password source/,
  ],
])('%s is found (%s)', (_, severity, changes, path, message) => {
  const { configuration: parsed, mistakes } = checkConfiguration(configuration(changes));
  expect(parsed === undefined).toBe(severity === 'error');
  expect(mistakes).toContainEqual(
    expect.objectContaining({
      severity,
      path,
      message: expect.stringMatching(message),
      fix: expect.stringMatching(/\.$/),
    }),
  );
});

test('a wrong number does not hide an unknown target', () => {
  const { mistakes } = checkConfiguration(
    configuration({ logLevel: 9, 'agents.0.partitions.0.passwordSource.targets': [ids.stranger] }),
  );
  expect(mistakes.map(({ path }) => path)).toEqual([
    'agents[0].partitions[0].passwordSource.targets[0]',
    'logLevel',
  ]);
});

test.each([
  ['{"version": 1,\n  "logLevel": }', 2, 15, /value/],
  ['{"version": 1\n  "logLevel": 1}', 2, 3, /comma/],
  ['{"version": 1,}', 1, 15, /double quotes/],
  ['{"version": 1', 1, 14, /closing brace/],
  ['{"version": 1} x', 1, 16, /follows|quotes/],
  ['{\n // remark\n "version": 1}', 2, 2, /comments/],
  ['{"version": 1,\n "version": 1}', 2, 2, /second time/],
  ['', 1, 1, /empty|missing/],
])('the syntax mistake in %j is found at line %i, column %i', (text, line, column, message) => {
  const { configuration: parsed, mistakes } = checkConfiguration(text);
  expect(parsed).toBeUndefined();
  expect(mistakes[0]).toMatchObject({ line, column, message: expect.stringMatching(message) });
});

test('a byte order mark is no mistake', () => {
  expect(checkConfiguration(`\uFEFF${configuration()}`).mistakes).toEqual([]);
});

const channel = { spn: 'PCNSCLNT/srv.fabrikam.lab' };

test('files that are missing, open to others or of no use are found', () => {
  const garbage = file('garbage', 'no certificate', 0o644);
  const open = file('open.keytab', keytab('PCNSCLNT', 'srv.fabrikam.lab'), 0o644);
  const { mistakes } = checkConfiguration(
    configuration({
      channel: { ...channel, keytab: open },
      'agents.0.connection.caFile': garbage,
      'agents.1.connection.caFile': join(folder, 'nowhere.pem'),
      keyKeeper: { kind: 'passphrase', path: 'relative' },
    }),
  );
  const found = Object.fromEntries(mistakes.map(({ path, message, fix }) => [path, `${message} ${fix}`]));
  expect(found['channel.keytab']).toMatch(/mode 644.*chmod 600/);
  expect(found['agents[0].connection.caFile']).toMatch(/no certificate in PEM/);
  expect(found['agents[1].connection.caFile']).toMatch(/does not exist/);
  expect(found['keyKeeper.path']).toMatch(/not an absolute path/);
});

test('a keytab without the service name, and one that shares its key, are told apart', () => {
  const foreign = file('foreign.keytab', keytab('ENTSSO', 'srv.fabrikam.lab'), 0o600);
  const wrong = checkConfiguration(configuration({ channel: { ...channel, keytab: foreign } }));
  expect(wrong.mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      path: 'channel.keytab',
      message: expect.stringMatching(/ENTSSO/),
    }),
  );
  const shared = file(
    'shared.keytab',
    Buffer.concat([keytab('PCNSCLNT', 'srv.fabrikam.lab'), keytab('ENTSSO', 'srv.fabrikam.lab').subarray(2)]),
    0o600,
  );
  const both = checkConfiguration(configuration({ channel: { ...channel, keytab: shared } }));
  expect(both.mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'warning',
      message: expect.stringMatching(/shares its key with ENTSSO/),
    }),
  );
  expect(both.configuration).toBeDefined();
});

test('services whose keytabs hold one key are of one account, those with keys of their own are not', () => {
  const pcns = file('pcns.keytab', keytab('PCNSCLNT', 'srv.fabrikam.lab', 1), 0o600);
  const check = (sso: string) =>
    checkConfiguration(
      configuration({
        channel: { ...channel, keytab: pcns },
        singleSignOn: { listen: { spn: 'ENTSSO/srv.fabrikam.lab', keytab: sso } },
      }),
    ).mistakes.filter(({ path }) => path.endsWith('keytab'));
  const same = file('sso-same.keytab', keytab('ENTSSO', 'srv.fabrikam.lab', 1), 0o600);
  expect(check(same)).toEqual([
    expect.objectContaining({ path: 'channel.keytab', message: expect.stringMatching(/with ENTSSO/) }),
    expect.objectContaining({
      path: 'singleSignOn.listen.keytab',
      message: expect.stringMatching(/with PCNSCLNT/),
    }),
  ]);
  expect(check(file('sso-own.keytab', keytab('ENTSSO', 'srv.fabrikam.lab', 2), 0o600))).toEqual([]);
  expect(check(file('sso-short.keytab', Buffer.from([5, 2, 0, 0, 0, 9, 0, 2]), 0o600))).toMatchObject([
    { severity: 'error', path: 'singleSignOn.listen.keytab', fix: 'Export the keytab anew.' },
  ]);
});

test('a service name with a short host is warned about', () => {
  const path = file('short.keytab', keytab('PCNSCLNT', 'srv'), 0o600);
  const { mistakes } = checkConfiguration(configuration({ channel: { spn: 'PCNSCLNT/srv', keytab: path } }));
  expect(mistakes).toContainEqual(
    expect.objectContaining({
      severity: 'warning',
      path: 'channel.spn',
      message: expect.stringMatching(/6025/),
    }),
  );
});

/** A keytab of one entry with a key of one byte repeated, MIT format 2. */
function keytab(service: string, host: string, byte = 0): Buffer {
  const counted = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const key = Buffer.alloc(32, byte);
  const entry = Buffer.concat([
    Buffer.from([0, 2]),
    counted('FABRIKAM.LAB'),
    counted(service),
    counted(host),
    Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 18, 0, 32]),
    key,
  ]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(entry.length);
  return Buffer.concat([Buffer.from([5, 2]), size, entry]);
}
