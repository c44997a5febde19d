import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, startHost } from '#host/start-host.ts';
import { applyLdif, ldifLine } from '#lab/ldif.ts';
import { activeDirectoryDn, findPerson, people } from '#lab/people.ts';
import { administratorBind, runSambaTool } from '#lab/samba-domain.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import type { SsoMapping } from '#shared/contract/sso-mapping.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { administeredDomain } from '#test/administered-domain.ts';
import { runCliHere } from '#test/run-cli-here.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba } = sharedLab();
const folder = mkdtempSync(join(tmpdir(), 'carillon-sso-'));
const domain = samba.netbios;
/** Nobody else's: groups are made for this file alone. */
const [sara, albert, anna, user, other] = people.slice(85, 90).map(({ account }) => account);
const groupDn = (name: string): string => `CN=${name},CN=Users,${samba.baseDn}`;
const personDn = (account: string | undefined): string =>
  activeDirectoryDn(findPerson(account ?? ''), samba.baseDn);
/** In this order: a group is there before another takes it in. */
const memberships = new Map([
  ['SSO T Staff', [personDn(sara)]],
  ['SSO T Admins', [groupDn('SSO T Staff')]],
  ['SSO T Affiliates', [personDn(albert)]],
  ['SSO T App Admins', [personDn(anna)]],
  ['SSO T Sales', [personDn(user), personDn(other)]],
  ['SSO T Users', [groupDn('SSO T Sales')]],
]);
let host: Host;

const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  await applyLdif(
    samba.ldapsUrl,
    [...memberships]
      .map(([group, members]) =>
        [
          ldifLine('dn', groupDn(group)),
          'objectClass: group',
          ldifLine('sAMAccountName', group),
          ...members.map((member) => ldifLine('member', member)),
          '',
        ].join('\n'),
      )
      .join('\n'),
    administratorBind(samba),
  );
  const configuration = {
    version: 1,
    agents: [administeredDomain(samba)],
    singleSignOn: {
      system: {
        administrators: [`${domain}\\SSO T Admins`],
        affiliateAdministrators: [`${domain}\\SSO T Affiliates`],
      },
    },
  };
  writeFileSync(inFolder('carillon.json'), JSON.stringify(configuration));
  host = await startHost({ dataDirectory: folder });
  await run(['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
});
afterAll(async () => {
  await host?.stop();
  const gone = [...memberships.keys()].map((group) => `dn: ${groupDn(group)}\nchangetype: delete\n`);
  await applyLdif(samba.ldapsUrl, gone.join('\n'), administratorBind(samba));
  rmSync(folder, { recursive: true, force: true });
});

/** A connection whose account the transport proved. */
function as(account: string | undefined): Client<CarillonContract> {
  const [near, far] = createPortPair();
  host.attach(far, 'browse', 'test', `${domain}\\${account}`);
  return connect(carillonContract, near);
}

async function run(args: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await runCliHere([...args, '--data', folder], stdin);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

async function fail(args: readonly string[], stdin = ''): Promise<{ code: number | null; stderr: string }> {
  const { code, stderr } = await runCliHere([...args, '--data', folder], stdin);
  expect(code).not.toBe(0);
  return { code, stderr };
}

const write = (name: string, inner: string): string => {
  writeFileSync(inFolder(name), `<sso>${inner}</sso>`);
  return inFolder(name);
};
const application = (name: string, flags = '') =>
  `<application name="${name}"><description>Test</description><appUserAccount>${domain}\\SSO T Users</appUserAccount><appAdminAccount>${domain}\\SSO T App Admins</appAdminAccount><field ordinal="0" label="User Id"/><field ordinal="1" label="Password" masked="yes"/><flags ${flags}/></application>`;

test('an administrator sets up an application, its mappings and its credentials by command line', async () => {
  expect(
    await run(['ssoconfig', '-generatesecret', inFolder('secret.bak'), 'hint'], 'Backup-1234\n'),
  ).toContain('Master secret 1');
  await run(['ssomanage', '-enablesso']);
  await run(['ssomanage', '-createapps', write('apps.xml', application('SAP', 'enableApp="yes"'))]);
  expect(await run(['ssomanage', '-displayapp', 'sap'])).toMatch(/Enabled +: Yes/);
  const plan = inFolder('mappings.xml');
  expect(
    await run(['ssomanage', '-planmappings', 'SAP', plan, `${domain}\\SSO T Users`, 'user=upper', 'limit=8']),
  ).toContain('2 mappings were written');
  await run(['ssomanage', '-createmappings', plan, 'enable']);
  const listed = JSON.parse(await run(['ssomanage', '-listmappings', 'SAP', '--json'])) as SsoMapping[];
  expect(listed.map(({ windowsAccount, enabled }) => [windowsAccount, enabled])).toEqual(
    expect.arrayContaining([
      [`${domain}\\${user}`, true],
      [`${domain}\\${other}`, true],
    ]),
  );
  const log = inFolder('mappings.log');
  const words = ['password=windows-account', 'user=lower', 'append=-2026'];
  expect(await run(['ssomanage', '-bulkmappings', plan, log, ...words])).toContain(
    '0 created, 2 already there; 2 passwords set',
  );
  expect(readFileSync(log, 'utf8')).toContain(`was there\t${domain}\\${user}\t`);
  await run(['ssomanage', '-setcredentials', `${domain}\\${user}`, 'SAP'], 'Host-Password-1\n');
  expect(await run(['ssoconfig', '-testsecret', inFolder('secret.bak')], 'Backup-1234\n')).toContain(
    'Every stored credential would open',
  );
  await run(['ssomanage', '-savefilter', 'Mainframe', 'format=upper', 'maximumLength=8', 'substitute=-_']);
  await run(['ssomanage', '-assignfilter', 'SAP', 'Mainframe']);
  expect(await run(['ssomanage', '-previewfilter', 'Mainframe'], 'host-password\n')).toBe('HOST_PAS\n');
});

test('roles come from groups within groups, and each refusal is in the audit', async () => {
  const parsed = {
    name: 'RACF',
    administrators: [`${domain}\\SSO T App Admins`],
    users: [`${domain}\\SSO T Users`],
  };
  await expect(as(anna).call('sso.createApplications', { applications: [parsed] })).rejects.toThrow(
    'event 11010',
  );
  await as(albert).call('sso.createApplications', { applications: [parsed] });
  const allow = { updates: [{ name: 'RACF', changes: { allowTickets: true } }] };
  await expect(as(albert).call('sso.updateApplications', allow)).rejects.toThrow('event 10566');
  await as(sara).call('sso.updateApplications', allow);
  await as(anna).call('sso.updateApplications', { updates: [{ name: 'RACF', changes: { enabled: true } }] });
  expect((await as(user).call('sso.applications', {})).map(({ name }) => name)).toEqual(['RACF', 'SAP']);
  expect((await as(user).call('sso.mappings', {})).map(({ windowsAccount }) => windowsAccount)).toEqual([
    `${domain}\\${user}`,
  ]);
  const mapping = { application: 'RACF', windowsAccount: `${domain}\\${other}`, externalUser: 'x' };
  await expect(as(user).call('sso.createMappings', { mappings: [mapping] })).rejects.toThrow('event 10558');
  await expect(as(user).call('sso.audit', { table: 'administration' })).rejects.toThrow('event 11010');
  await expect(as(user).call('sso.reencrypt', {})).rejects.toThrow('event 11009');
  const lines = await as(sara).call('sso.audit', { table: 'administration' });
  const refused = lines.filter(({ event }) => [11010, 10566, 10558, 11009].includes(event));
  expect(refused.map(({ caller }) => caller)).toEqual(
    [user, user, user, albert, anna].map((each) => `${domain}\\${each}`),
  );
  expect(await run(['audit', 'verify'])).toContain('every one as it was written');
});

test('a caller whose account nobody proved is no administrator', async () => {
  const [near, far] = createPortPair();
  host.attach(far, 'operate', 'somebody');
  await expect(connect(carillonContract, near).call('sso.applications', {})).rejects.toThrow(
    'account of the caller',
  );
});

test('the service knows the role of whoever asks', async () => {
  const roles = await Promise.all(
    [sara, albert, anna].map(async (account) => (await as(account).call('sso.status', {})).role),
  );
  expect(roles).toEqual(['sso-administrator', 'affiliate-administrator', 'none']);
});

test('adapters are administered by command line', async () => {
  const file = write(
    'adapters.xml',
    `<application name="LoopBack"><computer>host1.fabrikam.lab</computer><appUserAccount>${domain}\\SSO T Users</appUserAccount><appAdminAccount>${domain}\\SSO T App Admins</appAdminAccount><flags syncToAdapter="yes" syncFromAdapter="yes"/></application>`,
  );
  await run(['ssops', '-create', file]);
  await run(['ssops', '-setprops', 'LoopBack', 'Server name=mainframe', 'Port number=5000']);
  const own = ['Notification Retry Count=3', 'storeNotifications=yes'];
  expect(await run(['ssops', '-setprops', 'LoopBack', ...own])).toMatch(/Port number +: 5000/);
  expect((await fail(['ssops', '-setprops', 'LoopBack', 'maximum pending notifications=0'])).code).toBe(2);
  await run(['ssops', '-enable', 'LoopBack']);
  await run(['ssops', '-addapp', 'LoopBack', 'SAP']);
  const printed = await run(['ssops', '-display', 'loopback']);
  expect(printed).toMatch(/Port number +: 5000/);
  expect(printed).toMatch(/Notification retry count +: 3/);
  expect(printed).toMatch(/Store notifications \(when offline\) +: Yes/);
  expect(printed).toMatch(/Applications +: SAP/);
  const shown = await run(['ssops', '-display', 'loopback', '--json']);
  expect((await fail(['ssops', '-delete', 'LoopBack'])).stderr).toContain('event 10806');
  await run(['ssops', '-deleteapp', 'SAP']);
  // What is exported is made again just so; the format has no word for properties.
  const exported = inFolder('exported.xml');
  await run(['ssops', '-export', exported, 'LoopBack']);
  const { adapter } = JSON.parse(shown);
  await run(['ssops', '-delete', 'LoopBack']);
  await run(['ssops', '-create', exported]);
  const again = JSON.parse(await run(['ssops', '-display', 'LoopBack', '--json']));
  expect(again.adapter).toEqual({ ...adapter, properties: {} });
  expect(again.adapter.enabled).toBe(true);
  await run(['ssops', '-delete', 'LoopBack']);
});

test('what is wrong changes nothing, and says where and why', async () => {
  const before = await run(['ssomanage', '-listapps', 'all', '--json']);
  const twice = write('twice.xml', application('NEW') + application('SAP'));
  expect(await fail(['ssomanage', '-createapps', twice])).toMatchObject({ code: 6 });
  const unknown = write('unknown.xml', application('NEW', 'enableAp="yes"'));
  expect((await fail(['ssomanage', '-createapps', unknown])).stderr).toContain(
    'unknown.xml:1: enableAp is not known',
  );
  const entity = inFolder('entity.xml');
  writeFileSync(entity, '<!DOCTYPE sso [<!ENTITY e SYSTEM "file:///etc/passwd">]><sso>&e;</sso>');
  expect(await fail(['ssomanage', '-createapps', entity])).toMatchObject({ code: 2 });
  expect(await fail(['ssomanage', '-deleteapp', 'NOTHING'])).toMatchObject({ code: 5 });
  expect(await fail(['ssomanage', '-enable', 'everything'])).toMatchObject({ code: 2 });
  expect(await fail(['ssomanage', '-createapps', inFolder('nowhere.xml')])).toMatchObject({ code: 5 });
  expect(
    (await fail(['ssomanage', '-setcredentials', `${domain}\\${user}`, 'SAP'], 'a\nb\nc\n')).stderr,
  ).toContain('More than 2 lines');
  expect(
    (await fail(['ssomanage', '-setcredentials', `${domain}\\${albert}`, 'SAP'], 'a\n')).stderr,
  ).toContain('Name the external user');
  expect(await run(['ssomanage', '-listapps', 'all', '--json'])).toBe(before);
});

test('a server is stopped and started by command line, and one that does not exist is named', async () => {
  const name = hostname();
  const server = async () => (await as(albert).call('sso.servers', {})).find(({ steerable }) => steerable);
  try {
    await run(['ssoconfig', '-addserver', name]);
    expect((await fail(['ssoconfig', '-addserver', name.toUpperCase()])).code).toBe(6);
    const named = `${domain}\\svc`;
    await run(['ssoconfig', '-addserver', name, named]);
    expect(host.configuration.configuration.singleSignOn.servers).toMatchObject([
      { name, serviceAccount: named },
    ]);
    await run(['ssoconfig', '-addserver', name, '']);
    await run(['ssoconfig', '-stopserver', name]);
    expect(await server()).toMatchObject({ name, status: 'Stopped' });
    await run(['ssoconfig', '-startserver', name]);
    expect(await server()).not.toMatchObject({ status: 'Stopped' });
    for (const verb of ['-stopserver', '-deleteserver'])
      expect((await fail(['ssoconfig', verb, 'nobody'])).stderr).toContain('nobody');
    await run(['ssoconfig', '-deleteserver', name]);
    expect(host.configuration.configuration.singleSignOn.servers).toEqual([]);
  } finally {
    host.configuration.edit(['singleSignOn', 'servers'], []);
  }
});

test('the assistant finds a service principal name that is missing or in another form', async () => {
  const missing = await fail(['ssoconfig', '-checkspn', 'nowhere.fabrikam.lab', '--json']);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain(
    'No account of FABRIKAM has the service principal name ENTSSO/nowhere.fabrikam.lab',
  );
  await runSambaTool(samba, ['spn', 'add', 'ENTSSO/sso-t.fabrikam.lab', samba.adminUser]);
  try {
    expect((await fail(['ssoconfig', '-checkspn', 'sso-t'])).stderr).toContain('in another form');
    expect((await as(albert).call('sso.checkSpn', { connectTo: 'sso-t.fabrikam.lab' })).accounts).toEqual([
      samba.adminUser,
    ]);
  } finally {
    await runSambaTool(samba, ['spn', 'delete', 'ENTSSO/sso-t.fabrikam.lab', samba.adminUser]);
  }
});

test('the accounts of administrators change only while the system is disabled', async () => {
  const file = write(
    'global.xml',
    `<globalInfo><ssoAdminAccount>${domain}\\SSO T Staff</ssoAdminAccount></globalInfo>`,
  );
  expect((await fail(['ssomanage', '-updatedb', file])).stderr).toContain('event 10570');
  await run(['ssomanage', '-disablesso']);
  await run(['ssomanage', '-updatedb', file]);
  await run(['ssomanage', '-enablesso']);
  expect(await run(['ssomanage', '-displaydb'])).toContain('SSO T Staff');
});

test('whoever takes the own role away is told so, and how it comes back', async () => {
  const set = (name: string, value: unknown) =>
    run(['config', 'set', `singleSignOn.${name}`, JSON.stringify(value)]);
  await run(['ssomanage', '-disablesso']);
  await set('system.administrators', []);
  await set('servers', [{ name: hostname(), serviceAccount: `${domain}\\${user}` }]);
  const file = write(
    'wrong.xml',
    `<globalInfo><ssoAdminAccount>${domain}\\SSO T Affiliates</ssoAdminAccount></globalInfo>`,
  );
  expect(await run(['ssomanage', '-updatedb', file])).toContain('administers single sign-on no more');
  expect((await fail(['ssomanage', '-updatedb', file])).stderr).toContain('event 11009');
  await set('system.administrators', []);
  await set('servers', []);
  await run(['ssomanage', '-enablesso']);
});
