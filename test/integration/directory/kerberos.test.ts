import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { explainFailure } from '#directory/explain-failure.ts';
import { acceptToken, openInitiator } from '#directory/kerberos.ts';
import { setKerberosFiles } from '#directory/kerberos-environment.ts';
import { signIn } from '#directory/sign-in.ts';
import { writeKerberosConfiguration } from '#lab/kerberos-configuration.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { findFreePort } from '#lab/port.ts';
import { type RunningSambaDomain, startSambaDomain } from '#lab/samba-domain.ts';
import { ldapConnectionSchema } from '#shared/model/agent.ts';
import { secret } from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, directory } = sharedLab();
const spn = 'ENTSSO/intsvr1.fabrikam.lab';
const caller = 'svc-caller';
const services = join(directory, 'kerberos-services.keytab');
const callers = join(directory, 'kerberos-callers.keytab');

beforeAll(async () => {
  await addServiceAccount(samba, {
    name: 'svc-accept',
    password: 'Lab-Accept-1!',
    servicePrincipalNames: [spn],
  });
  await addServiceAccount(samba, {
    name: 'svc-other',
    password: 'Lab-Other-1!',
    servicePrincipalNames: ['ENTSSO/intsvr2.fabrikam.lab'],
  });
  await addServiceAccount(samba, { name: caller, password: 'Lab-Caller-1!', servicePrincipalNames: [] });
  await exportKeytab(samba, services, spn);
  await exportKeytab(samba, callers, caller);
  setKerberosFiles({ serviceKeytab: services, clientKeytab: callers, configuration: samba.krb5Config });
});

async function greet(service = spn): Promise<string> {
  const initiator = await openInitiator({ spn: service, principal: `${caller}@${samba.realm}` });
  const { principal, reply } = await acceptToken({ spn: service, token: await initiator.token() });
  await initiator.finish(reply);
  return principal;
}

test('caller and service prove themselves to each other with a keytab only', async () => {
  expect(await greet()).toBe(`${caller}@${samba.realm}`);
});

test('tickets lie in a folder that only this user may enter, and move with the keytab', () => {
  const folder = () => (process.env['KRB5CCNAME'] ?? '').replace('DIR:', '');
  const before = folder();
  expect(before).toMatch(/^\/dev\/shm\/carillon-tickets-\d+-/);
  expect(existsSync(join(before, 'primary'))).toBe(true);
  setKerberosFiles({ clientKeytab: callers });
  expect(existsSync(before)).toBe(false);
  expect(folder()).not.toBe(before);
});

test('a name that no account carries is missing', async () => {
  await expect(greet('ENTSSO/nowhere.fabrikam.lab')).rejects.toMatchObject({
    code: 'spn-missing',
    fix: expect.stringMatching(/setspn/),
  });
});

test('a service without a key for its name lacks a keytab', async () => {
  await expect(greet('ENTSSO/intsvr2.fabrikam.lab')).rejects.toMatchObject({ code: 'no-keytab' });
});

test('an identity that the keytab does not hold gets no ticket', async () => {
  const initiator = openInitiator({ spn, principal: `nobody@${samba.realm}` }).then((one) => one.token());
  await expect(initiator).rejects.toMatchObject({ code: 'no-ticket' });
});

test('the realm of another company is wrong', async () => {
  const initiator = openInitiator({ spn: 'ENTSSO/host.elsewhere.example@ELSEWHERE.EXAMPLE' });
  await expect(initiator.then((one) => one.token())).rejects.toMatchObject({
    code: expect.stringMatching(/wrong-realm|spn-missing/),
  });
});

test('a ticket that comes twice is a replay', async () => {
  const initiator = await openInitiator({ spn, principal: `${caller}@${samba.realm}` });
  const token = await initiator.token();
  await acceptToken({ spn, token });
  await expect(acceptToken({ spn, token })).rejects.toMatchObject({ code: 'replay' });
});

test('the reply of somebody else proves nothing', async () => {
  const one = await openInitiator({ spn, principal: `${caller}@${samba.realm}` });
  const other = await openInitiator({ spn, principal: `${caller}@${samba.realm}` });
  await one.token();
  const { reply } = await acceptToken({ spn, token: await other.token() });
  await expect(one.finish(reply)).rejects.toMatchObject({ name: 'KerberosError' });
});

test.each([
  ['nothing', new Uint8Array(0)],
  ['garbage', Uint8Array.from({ length: 300 }, (_, index) => (index * 7) & 0xff)],
] as const)('a token of %s is refused in words', async (_what, token) => {
  await expect(acceptToken({ spn, token })).rejects.toMatchObject({ name: 'KerberosError' });
});

test('a keytab that is older than the account’s password holds a wrong key', async () => {
  const old = readFileSync(services);
  // The key's own bytes stand at the end of each entry.
  const spoiled = Buffer.from(old);
  for (let at = 2; at < spoiled.length; ) {
    const size = spoiled.readInt32BE(at);
    for (let index = at + 4 + size - 20; index < at + 4 + size - 8; index += 1)
      spoiled[index] = (spoiled[index] ?? 0) ^ 0xff;
    at += 4 + size;
  }
  const file = join(directory, 'kerberos-spoiled.keytab');
  writeFileSync(file, spoiled, { mode: 0o600 });
  setKerberosFiles({ serviceKeytab: file });
  try {
    await expect(greet()).rejects.toMatchObject({ code: 'wrong-key' });
  } finally {
    setKerberosFiles({ serviceKeytab: services });
  }
});

const settings = (url: string, more: object = {}) =>
  ldapConnectionSchema.parse({
    url,
    caFile: samba.caFile,
    authentication: { method: 'gssapi', principal: `${caller}@${samba.realm}` },
    ...more,
  });
const noPassword = { password: async () => secret('never asked for') };

test('GSSAPI inside TLS is refused by Samba’s defaults, and the fix names the setting', async () => {
  const error: unknown = await signIn(settings(samba.ldapsUrl), noPassword).catch((cause) => cause);
  expect(error).toMatchObject({ code: 8 });
  expect(explainFailure(error, 'sign-in')).toMatchObject({
    word: 'ma-credentials-failure',
    fix: expect.stringContaining('allow_sasl_over_tls'),
  });
});

test('a domain controller that gives no ticket in time does not hold the sign-in', async () => {
  const port = await findFreePort();
  const silent = createSocket('udp4').bind(port, '127.0.0.1');
  await once(silent, 'listening');
  const open = createServer(() => undefined).listen(port, '127.0.0.1');
  await once(open, 'listening');
  const configuration = join(directory, 'kerberos-silent.conf');
  writeKerberosConfiguration(configuration, samba.realm, `127.0.0.1:${port}`);
  setKerberosFiles({ clientKeytab: callers, configuration });
  try {
    const error: unknown = await signIn(settings(samba.ldapsUrl, { connectTimeout: 1 }), noPassword).catch(
      (cause) => cause,
    );
    expect(error).toMatchObject({ kind: 'timeout', sent: false });
    const control = new AbortController();
    const given = signIn(settings(samba.ldapsUrl), { ...noPassword, signal: control.signal });
    setTimeout(() => control.abort(), 100);
    await expect(given).rejects.toMatchObject({ kind: 'aborted' });
  } finally {
    setKerberosFiles({ clientKeytab: callers, configuration: samba.krb5Config });
    silent.close();
    open.close();
  }
});

test('a certificate that lacks the configured name ends a GSSAPI sign-in before Kerberos', async () => {
  const error: unknown = await signIn(
    settings('ldaps://127.0.0.1', { serverName: 'intsvr1.fabrikam.lab', caFile: samba.caFile }),
    noPassword,
  ).catch((cause) => cause);
  expect(explainFailure(error, 'sign-in').word).toBe('ma-encryption-not-enabled');
});

let lenient: RunningSambaDomain;
afterAll(() => lenient?.stop());

test('with the setting, a keytab signs the agent in', async () => {
  lenient = await startSambaDomain({
    directory: join(directory, 'kerberos-lenient'),
    realm: 'NORTHWIND.LAB',
    address: '127.0.0.2',
    globals: ['ldap server require strong auth = allow_sasl_over_tls'],
  });
  await addServiceAccount(lenient, { name: caller, password: 'Lab-Caller-1!', servicePrincipalNames: [] });
  const keytab = join(directory, 'kerberos-lenient.keytab');
  await exportKeytab(lenient, keytab, caller);
  setKerberosFiles({ clientKeytab: keytab, configuration: lenient.krb5Config });
  const connection = await signIn(
    settings(lenient.ldapsUrl, {
      caFile: lenient.caFile,
      authentication: { method: 'gssapi', principal: `${caller}@${lenient.realm}` },
    }),
    noPassword,
  );
  const [root] = await connection.searchEntries({
    base: '',
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['tokenGroups'],
  });
  // An anonymous caller has the SID S-1-5-7 there.
  expect(root?.attributes.get('tokengroups')?.[0]?.length).toBe(28);
  expect(connection.secure).toBe(true);
  await connection.close();
});
