import { expect, test } from 'vitest';

import { checkConfiguration } from '#host/configuration/check-configuration.ts';
import { draftConfiguration, draftIds } from '#test/draft-configuration.ts';

test('a correct configuration has no mistake, and gets its defaults', () => {
  const { configuration: parsed, mistakes } = checkConfiguration(draftConfiguration());
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
  const { configuration: parsed, mistakes } = checkConfiguration(draftConfiguration(changes));
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
  ['a double id', 'error', { 'agents.1.id': draftIds.directory }, 'agents[1].id', /has the id/],
  [
    'an unknown target',
    'error',
    { 'agents.0.partitions.0.passwordSource.targets': [draftIds.stranger] },
    'agents[0].partitions[0].passwordSource.targets[0]',
    /No agent has the id/,
  ],
  [
    'itself as target',
    'error',
    { 'agents.0.partitions.0.passwordSource.targets': [draftIds.directory] },
    'agents[0].partitions[0].passwordSource.targets[0]',
    /its own target/,
  ],
  [
    'a double target',
    'error',
    { 'agents.0.partitions.0.passwordSource.targets': [draftIds.target, draftIds.target] },
    'agents[0].partitions[0].passwordSource.targets[1]',
    /twice/,
  ],
  [
    'a second source of a domain',
    'error',
    {
      'agents.1.partitions.0.passwordSource': {
        enabled: true,
        domain: 'fabrikam',
        targets: [draftIds.directory],
      },
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
  const { configuration: parsed, mistakes } = checkConfiguration(draftConfiguration(changes));
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
    draftConfiguration({ logLevel: 9, 'agents.0.partitions.0.passwordSource.targets': [draftIds.stranger] }),
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

test('names of containers are compared however they are spelled', () => {
  const text = draftConfiguration({
    'agents.1.partitions.0.include': ['OU=people, DC=Fabrikam'],
    'agents.0.runProfiles.0.steps.0.partition': 'dc=FABRIKAM, dc=lab',
  });
  expect(checkConfiguration(text).mistakes.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a byte order mark is no mistake', () => {
  expect(checkConfiguration(`\uFEFF${draftConfiguration()}`).mistakes).toEqual([]);
});

test.each([
  ['objects', '{"a":'.repeat(100_000)],
  ['lists', '['.repeat(100_000)],
  ['closed lists', `{"version": 1, "agents": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
])('%s in each other without end are one mistake with its place', (_, text) => {
  const { configuration, mistakes } = checkConfiguration(text);
  expect(configuration).toBeUndefined();
  expect(mistakes).toMatchObject([{ line: 1, message: 'More than 100 lists and objects in each other' }]);
});

test('brackets within a text are no lists', () => {
  const description = `\\" ${'[{'.repeat(200)}`;
  const { mistakes } = checkConfiguration(JSON.stringify({ version: 1, description }));
  expect(mistakes).toMatchObject([{ message: 'Unknown key "description"' }]);
});
