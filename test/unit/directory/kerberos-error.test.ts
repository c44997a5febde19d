import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { KerberosError } from '#directory/kerberos-error.ts';

const prefix = 'Unspecified GSS failure.  Minor code may provide more information: ';

test.each([
  ['Server not found in Kerberos database', 'spn-missing'],
  ['Principal has multiple entries in Kerberos database', 'spn-duplicate'],
  ["Client 'nobody@FABRIKAM.LAB' not found in Kerberos database", 'no-ticket'],
  [
    "No credentials were supplied, or the credentials were unavailable or inaccessible: Client 'HOST/dc1@FABRIKAM.LAB' not found in Kerberos database",
    'no-ticket',
  ],
  ['No Kerberos credentials available (default cache: FILE:/tmp/x)', 'no-ticket'],
  ['Principal in credential cache does not match desired name', 'no-ticket'],
  ['Preauthentication failed', 'no-ticket'],
  ['Clock skew too great', 'clock-skew'],
  ['Request is a replay', 'replay'],
  ['Ticket expired', 'expired'],
  ['Cannot find KDC for realm "OTHER.LAB"', 'wrong-realm'],
  ['Cannot contact any KDC for realm "FABRIKAM.LAB"', 'no-kdc'],
  ['Request ticket server ldap/dc1@FABRIKAM.LAB not found in keytab (ticket kvno 1)', 'no-keytab'],
  ["Key table file '/etc/krb5.keytab' not found", 'no-keytab'],
  ['No key table entry found matching ENTSSO/intsvr1@', 'no-keytab'],
  ['Request ticket server E/h@R kvno 2 found in keytab but not with enctype rc4-hmac', 'wrong-key'],
  ['Request ticket server E/h@R kvno 3 not found in keytab; keytab is likely out of date', 'wrong-key'],
  [
    'Request ticket server E/h@R kvno 2 enctype aes256 found in keytab but cannot decrypt ticket',
    'wrong-key',
  ],
  ['Decrypt integrity check failed', 'wrong-key'],
  ['A token had an invalid MIC', 'other'],
] as const)('%s is %s', (words, code) => {
  const error = KerberosError.from(new Error(prefix + words), 'ENTSSO/host');
  expect(error).toMatchObject({ code, message: `Kerberos, ENTSSO/host: ${words}` });
  expect(error.fix).toMatch(/\.$/);
  expect(KerberosError.from(error, 'other')).toBe(error);
});

test('without the native module each use says what is missing and what that costs', () => {
  const source = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => {
      if (name === 'kerberos') throw new Error('Cannot find module');
      return next(name, context);
    } });
    const { isKerberosAvailable, openInitiator, acceptToken } = await import('#directory/kerberos.ts');
    const errors = [];
    for (const work of [() => openInitiator({ spn: 'a/b' }), () => acceptToken({ spn: 'a/b', token: new Uint8Array(1) })])
      await work().catch(({ name, code, fix }) => errors.push({ name, code, fix }));
    console.log(JSON.stringify({ available: isKerberosAvailable(), errors }));
  `;
  const root = join(import.meta.dirname, '../../..');
  const done = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', source], {
    cwd: root,
    encoding: 'utf8',
  });
  const error = {
    name: 'KerberosError',
    code: 'not-installed',
    fix: expect.stringMatching(/libkrb5-dev.*GSSAPI/s),
  };
  expect(done.stderr).toBe('');
  expect(JSON.parse(done.stdout)).toEqual({ available: false, errors: [error, error] });
});
