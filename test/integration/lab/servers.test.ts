import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { probeKerberos, probeLdapBind } from '#lab/bind-probe.ts';
import { addServiceAccount, exportKeytab, runKinitWithKeytab } from '#lab/kerberos-realm.ts';
import { ldifLine, tryLdif } from '#lab/ldif.ts';
import { type OpenLdap, type OpenLdapOptions, startOpenLdap } from '#lab/openldap-server.ts';
import { findPerson, initialPassword, openLdapDn, openLdapEntries } from '#lab/people.ts';
import { runCommand } from '#lab/run-command.ts';
import { startSambaDomain } from '#lab/samba-domain.ts';
import { sharedLab } from '#test/shared-lab.ts';

const person = findPerson('bthorsson');
const started: { stop(): Promise<void> }[] = [];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(sharedLab().directory, 'own-'));
});

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function startOwnOpenLdap(options: Partial<OpenLdapOptions> = {}) {
  const entries = openLdapEntries([person], 'ou=people,dc=ldap,dc=lab');
  const server = await startOpenLdap({ directory: join(directory, 'openldap'), entries, ...options });
  started.push(server);
  return server;
}

function setPassword(server: OpenLdap, password: string) {
  const dn = ldifLine('dn', openLdapDn(person, server.peopleDn));
  const change = `${dn}\nchangetype: modify\nreplace: userPassword\n${ldifLine('userPassword', password)}\n`;
  return tryLdif(server.ldapsUrl, change, {
    dn: server.serviceDn,
    password: server.servicePassword,
    caFile: server.caFile,
  });
}

test('a paused server answers nothing, and everything once it is resumed', async () => {
  const server = await startOwnOpenLdap();
  const dn = openLdapDn(person, server.peopleDn);
  server.pause();
  const asked = probeLdapBind(server, dn, initialPassword(person));
  const first = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 500, 'silence'))]);
  expect(first).toBe('silence');
  server.resume();
  expect(await asked).toBe(true);
});

test('a killed server comes back with what it had acknowledged', async () => {
  const server = await startOwnOpenLdap();
  expect(await setPassword(server, 'Acknowledged-1')).toMatchObject({ code: 0 });
  await server.kill();
  await expect(probeLdapBind(server, server.serviceDn, 'x')).rejects.toThrow(/ended with 255/);
  await server.restart();
  expect(await probeLdapBind(server, openLdapDn(person, server.peopleDn), 'Acknowledged-1')).toBe(true);
});

test('OpenLDAP enforces its policy on the service account', async () => {
  const server = await startOwnOpenLdap({ minimumLength: 12 });
  expect(await setPassword(server, 'Eleven-char')).toMatchObject({ code: 19 });
  expect(await setPassword(server, 'Twelve-chars')).toMatchObject({ code: 0 });
  expect(await setPassword(server, 'Twelve-chars')).toMatchObject({ code: 19 });
});

test('OpenLDAP with a small database runs full', async () => {
  const server = await startOwnOpenLdap({ maximumSize: 160 * 1024, history: 1000 });
  let last = await setPassword(server, 'Filling-up-0');
  for (let round = 1; round < 400 && last.code === 0; round += 1) {
    last = await setPassword(server, `Filling-up-${round}`);
  }
  expect(last).toMatchObject({ code: 80 });
});

test('a second domain runs beside the first, with a password script of its own', async () => {
  const log = join(directory, 'accounts');
  const script = join(directory, 'script');
  writeFileSync(script, `#!/bin/sh\necho "$SAMBA_CPS_ACCOUNT_NAME" >> ${log}\ncat > /dev/null\n`, {
    mode: 0o755,
  });
  const domain = await startSambaDomain({
    directory: join(directory, 'northwind'),
    realm: 'NORTHWIND.LAB',
    address: '127.0.0.2',
    checkPasswordScript: script,
  });
  started.push(domain);
  await domain.tool(['user', 'create', 'olaf', '--random-password']);
  await domain.tool(['user', 'setpassword', 'olaf'], 'Northwind-Pass-1\nNorthwind-Pass-1\n');
  expect(await probeKerberos(domain, 'olaf', 'Northwind-Pass-1')).toBe(true);
  expect(await probeKerberos(domain, 'olaf', 'Northwind-Pass-2')).toBe(false);
  expect(readFileSync(log, 'utf8')).toBe('olaf\nolaf\n');
});

test('a service account gets AES keys for its service principal name', async () => {
  const { samba } = sharedLab();
  const keytab = join(directory, 'keytab');
  await addServiceAccount(samba, {
    name: 'svc-lab',
    password: 'Service-Pass-1',
    servicePrincipalNames: ['LABTEST/intsvr1.fabrikam.lab'],
  });
  await exportKeytab(samba, keytab, 'LABTEST/intsvr1.fabrikam.lab', 'svc-lab');
  await runKinitWithKeytab(samba, 'svc-lab', keytab, `FILE:${directory}/tickets`);
  const { stdout } = await runCommand('klist', ['-k', '-e', keytab]);
  expect(stdout).toMatch(/LABTEST\/intsvr1\.fabrikam\.lab@FABRIKAM\.LAB \(aes256/);
  await expect(exportKeytab(samba, keytab, 'nobody')).rejects.toThrow('No keys of nobody');
});
