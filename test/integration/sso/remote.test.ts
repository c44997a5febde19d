import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { dialRemote } from '#host/remote/dial-remote.ts';
import type { Domain } from '#host/sso/domain-directory.ts';
import { SsoAgentLink } from '#host/sso/sso-agent-link.ts';
import { type Host, startHost } from '#host/start-host.ts';
import { addServiceAccount, exportKeytab, runKinit } from '#lab/kerberos-realm.ts';
import { applyLdif, ldifLine } from '#lab/ldif.ts';
import { activeDirectoryDn, findPerson, initialPassword, people } from '#lab/people.ts';
import { administratorBind, runSambaTool } from '#lab/samba-domain.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { packFields, unpackFields } from '#shared/secret/credential-fields.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { administeredDomain } from '#test/administered-domain.ts';
import { noteRaised } from '#test/raised-events.ts';
import { runCliHere } from '#test/run-cli-here.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba } = sharedLab();
const folder = mkdtempSync(join(tmpdir(), 'carillon-remote-'));
const domain = samba.netbios;
const serverName = 'intsvr1.fabrikam.lab';
const spn = `CARILLON/${serverName}`;
/** Who they are here: an administrator by a nested group, a reader, an Application Administrator, two users. */
const [sara, albert, anna, user, other] = people.slice(85, 90).map(({ account }) => account) as [
  string,
  string,
  string,
  string,
  string,
];
const stranger = people[84]?.account ?? '';
const groupDn = (name: string): string => `CN=${name},CN=Users,${samba.baseDn}`;
const personDn = (account: string): string => activeDirectoryDn(findPerson(account), samba.baseDn);
const memberships = new Map([
  ['RA T Staff', [personDn(sara)]],
  ['RA T Admins', [groupDn('RA T Staff')]],
  ['RA T Readers', [personDn(albert)]],
  ['RA T App Admins', [personDn(anna)]],
  ['RA T Users', [personDn(user), personDn(other)]],
]);
let host: Host;

beforeAll(async () => {
  const keytab = join(folder, 'remote.keytab');
  await addServiceAccount(samba, {
    name: 'svc-remote',
    password: 'Lab-Remote-1!',
    servicePrincipalNames: [spn],
  });
  await exportKeytab(samba, keytab, spn);
  const entries = [...memberships].map(([group, members]) =>
    [
      ldifLine('dn', groupDn(group)),
      'objectClass: group',
      ldifLine('sAMAccountName', group),
      ...members.map((member) => ldifLine('member', member)),
      '',
    ].join('\n'),
  );
  await applyLdif(samba.ldapsUrl, entries.join('\n'), administratorBind(samba));
  const configuration = {
    version: 1,
    remote: {
      host: '127.0.0.1',
      port: 0,
      spn,
      keytab,
      administrators: [`${domain}\\RA T Admins`],
      readers: [`${domain}\\RA T Readers`],
    },
    agents: [administeredDomain(samba)],
    singleSignOn: {
      system: { enabled: true, allowTickets: true, administrators: [`${domain}\\RA T Admins`] },
      servers: [{ name: serverName, positiveAuditLevel: 'high' }],
    },
  };
  writeFileSync(join(folder, 'carillon.json'), JSON.stringify(configuration));
  host = await startHost({ dataDirectory: folder });
  await local(['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
  await local(['ssoconfig', '-generatesecret', join(folder, 'secret.bak')], 'Backup-1234\n');
  for (const account of [sara, albert, anna, user, other, stranger]) {
    const done = await runKinit(samba, account, initialPassword(findPerson(account)), cacheOf(account));
    expect(done.stderr).toBe('');
  }
});

afterAll(async () => {
  await host?.stop();
  const gone = [...memberships.keys()].map((group) => `dn: ${groupDn(group)}\nchangetype: delete\n`);
  await applyLdif(samba.ldapsUrl, gone.join('\n'), administratorBind(samba));
  await runSambaTool(samba, ['user', 'delete', 'svc-remote']);
  rmSync(folder, { recursive: true, force: true });
});

const cacheOf = (account: string): string => `FILE:${join(folder, `${account}.tickets`)}`;

async function address() {
  const { remote } = await host.status();
  return { host: serverName, port: remote.port ?? 0, fingerprint: remote.fingerprint ?? '' };
}

async function local(args: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await runCliHere([...args, '--data', folder], stdin);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

/** One command line as this user, whose tickets and known servers are all that it has. */
async function as(account: string, args: readonly string[], stdin = '') {
  process.env['KRB5CCNAME'] = cacheOf(account);
  return await runCliHere(args, stdin, { XDG_CONFIG_HOME: join(folder, account) });
}

async function on(account: string, args: readonly string[], stdin = ''): Promise<string> {
  const { port } = await address();
  const { code, stdout, stderr } = await as(account, [...args, '--server', `${serverName}:${port}`], stdin);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

async function refused(account: string, args: readonly string[], stdin = '') {
  const { port } = await address();
  const { code, stderr } = await as(account, [...args, '--server', `${serverName}:${port}`], stdin);
  expect(code).not.toBe(0);
  return { code, stderr };
}

async function trust(account: string): Promise<void> {
  const { port, fingerprint } = await address();
  expect((await as(account, ['servers', 'trust', `${serverName}:${port}`, fingerprint])).code).toBe(0);
}

/** What an outside program does: a connection of its own, from this address. */
async function asProgram<T>(
  account: string,
  work: (client: Client<CarillonContract>) => Promise<T>,
  localAddress = '127.0.0.9',
): Promise<T> {
  process.env['KRB5CCNAME'] = cacheOf(account);
  const { port, fingerprint } = await address();
  const connection = await dialRemote({
    address: { host: serverName, port },
    trust: { pin: fingerprint },
    purpose: 'program',
    localAddress,
  });
  try {
    return await work(connect(carillonContract, connection.port));
  } finally {
    connection.port.close('Done');
  }
}

test('an administrator by a nested group works with the server once its key was compared', async () => {
  const unknown = await refused(sara, ['status']);
  const { fingerprint } = await address();
  expect(unknown).toMatchObject({ code: 4, stderr: expect.stringContaining('(event 7044)') });
  expect(unknown.stderr).toContain(`carillon servers trust ${serverName}`);
  expect(unknown.stderr).toContain(fingerprint);
  await trust(sara);
  expect(await on(sara, ['status'])).toContain('Remote access');
  const me = JSON.parse(await on(sara, ['servers', 'test', await serverArgument(), '--json'])) as object;
  expect(me).toEqual({ caller: `${domain}\\${sara}`, account: `${domain}\\${sara}`, access: 'administer' });
  await on(sara, ['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
  expect(await on(sara, ['agents', 'test', 'ADMA'])).toContain('bind');
  expect((await refused(sara, ['serve'])).stderr).toContain('this computer');
});

async function serverArgument(): Promise<string> {
  const { port } = await address();
  return `${serverName}:${port}`;
}

test('an account without a role is refused by its number, and the log tells who', async () => {
  await trust(stranger);
  const { code, stderr } = await refused(stranger, ['status']);
  expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('(event 7046)') });
  expect(stderr).toContain(`${domain}\\${stranger} has no role on this server`);
  expect(await local(['events', '--json'])).toContain('"number": 7046');
});

test('whoever has no ticket, or asks for a name that nobody has, is told so by number', async () => {
  await trust(sara);
  process.env['KRB5CCNAME'] = `FILE:${join(folder, 'none')}`;
  const { port, fingerprint } = await address();
  const options = { trust: { pin: fingerprint }, purpose: 'program' } as const;
  const dial = (name: string) =>
    dialRemote({ ...options, address: { host: serverName, port, spn: `CARILLON/${name}` } });
  await expect(dial(serverName)).rejects.toMatchObject({ event: 7041, reason: 'no-ticket' });
  process.env['KRB5CCNAME'] = cacheOf(sara);
  await expect(dial('nowhere.fabrikam.lab')).rejects.toMatchObject({ event: 7045, reason: 'spn-missing' });
});

test('calls above the role are refused: a reader changes nothing, an administrator of applications reads nothing', async () => {
  await trust(albert);
  expect(await on(albert, ['agents'])).toContain('ADMA');
  const change = await refused(albert, ['sync', 'enable']);
  expect(change).toMatchObject({ code: 4, stderr: expect.stringContaining('the caller has browse') });
  await local(['ssomanage', '-createapps', await applicationFile()]);
  await trust(anna);
  expect(await on(anna, ['ssomanage', '-listapps'])).toContain('SAP');
  const reading = await refused(anna, ['agents']);
  expect(reading).toMatchObject({ code: 4, stderr: expect.stringContaining('the caller has use') });
});

async function applicationFile(): Promise<string> {
  const file = join(folder, 'apps.xml');
  const flags = 'enableApp="yes" allowTickets="yes" validateTickets="yes"';
  writeFileSync(
    file,
    `<sso><application name="SAP"><description>Test</description><appUserAccount>${domain}\\RA T Users</appUserAccount><appAdminAccount>${domain}\\RA T App Admins</appAdminAccount><field ordinal="0" label="User Id"/><field ordinal="1" label="Password" masked="yes"/><flags ${flags}/></application></sso>`,
  );
  return file;
}

test('a user of the domain keeps the own credentials with ssoclient, and nobody else’s', async () => {
  await trust(user);
  await as(user, ['ssoclient', '-server', await serverArgument()]);
  const client = async (...args: string[]) => {
    const { code, stdout, stderr } = await as(user, ['ssoclient', ...args], 'Host-Pässword-1\n');
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  };
  expect(await client('-showserver')).toContain(serverName);
  expect(await client('-listapps')).toContain('SAP');
  expect(await client('-setcredentials', 'SAP', 'USER1')).toContain('The mapping was created');
  expect(await client('-listmappings')).toContain('USER1');
  expect(await client('-getcredentials', 'SAP')).toBe('User Id  : USER1\nPassword : Host-Pässword-1\n');
  const foreign = await refused(user, ['ssomanage', '-setcredentials', `${domain}\\${other}`, 'SAP'], 'x\n');
  expect(foreign.stderr).toContain('event 10757');
  await expect(
    asProgram(user, (remote) =>
      remote.call('sso.createMappings', {
        mappings: [{ application: 'SAP', windowsAccount: `${domain}\\${other}`, externalUser: 'USER2' }],
      }),
    ),
  ).rejects.toThrow('event 10558');
  const audit = await local(['audit', 'list', 'administration', '--json']);
  expect(audit).toContain(JSON.stringify(`${domain}\\${user}`));
});

test('a program on another computer looks credentials up only where that is allowed', async () => {
  const look = () =>
    asProgram(user, async (remote) => {
      const { externalUser, fields } = await remote.call('sso.getCredentials', { application: 'SAP' });
      const values = unpackFields(fields);
      return [externalUser, ...values.map(({ bytes }) => new TextDecoder().decode(bytes))];
    });
  await expect(look()).rejects.toThrow('event 11068');
  await on(sara, ['ssoconfig', '-remotelookup', 'yes']);
  expect(await look()).toEqual(['USER1', 'Host-Pässword-1']);
  await expect(
    asProgram(other, (remote) => remote.call('sso.getCredentials', { application: 'SAP' })),
  ).rejects.toThrow('event 10757');
  const looked = await local(['audit', 'list', 'external-credential-lookups', '--json']);
  expect(looked).toContain(JSON.stringify(`${domain}\\${user} looked up ${domain}\\${user} in SAP`));
});

test('a program sets its credentials as bytes', async () => {
  using value = SecretBytes.take(new TextEncoder().encode('Second-1'));
  using fields = packFields([value]);
  const mapping = { application: 'SAP', windowsAccount: `${domain}\\${user}` };
  await asProgram(user, (remote) => remote.call('sso.setCredentials', { mapping, fields: fields.bytes }));
  const { fields: found } = await asProgram(user, (remote) =>
    remote.call('sso.getCredentials', { application: 'SAP' }),
  );
  expect(unpackFields(found).map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['Second-1']);
});

test('a ticket is issued to its user, and an Application Administrator redeems it with its sender', async () => {
  const { ticket } = await asProgram(user, (remote) => remote.call('sso.issueTicket', {}));
  const redeem = (by: string, sender: string) =>
    asProgram(by, (remote) =>
      remote.call('sso.redeemTicket', { application: 'SAP', ticket, sender: `${domain}\\${sender}` }),
    );
  expect((await redeem(anna, user)).externalUser).toBe('USER1');
  const sender = `${domain}\\${user}`;
  const typed = await on(user, ['ssoclient', '-issueticket']);
  expect(await on(anna, ['ssomanage', '-redeemticket', 'SAP', sender], typed)).toBe(
    'User Id  : USER1\nPassword : Second-1\n',
  );
  expect((await refused(anna, ['ssomanage', '-redeemticket', 'SAP', sender], 'no ticket')).stderr).toContain(
    'event 10593',
  );
  await expect(redeem(anna, other)).rejects.toThrow('event 10594');
  await expect(redeem(user, user)).rejects.toThrow('event 11011');
});

test('an agent of another service makes and deletes mappings here, with the rights of its account alone', async () => {
  const { port, fingerprint } = await address();
  const openLink = (account: string): SsoAgentLink => {
    process.env['KRB5CCNAME'] = cacheOf(account);
    const agent = agentSchema.parse({
      id: 'd1000000-0000-4000-8000-000000000001',
      name: 'ENTSSOMA2',
      kind: 'entsso',
      connection: {
        ...{ connectTo: serverName, user: `${domain}\\${account}` },
        ...{ administrationPort: port, administrationFingerprint: fingerprint },
      },
    });
    if (agent.kind !== 'entsso') throw new Error('Another kind');
    return new SsoAgentLink(agent, {
      hostName: 'elsewhere',
      credential: async () =>
        SecretBytes.take(new TextEncoder().encode(initialPassword(findPerson(account)))),
      domains: () => [{ dn: samba.baseDn, name: domain } as Domain],
      ownListener: () => undefined,
      mappings: () => undefined,
      now: Date.now,
      record: () => undefined,
    });
  };
  const mapping = { application: 'SAP', windowsAccount: `${domain}\\${other}`, externalUser: 'USER2' };
  const listed = () => local(['ssomanage', '-listmappings', 'SAP']);
  const link = openLink(anna);
  await link.createMapping(mapping);
  expect(await listed()).toMatch(/\(E\).*USER2/);
  await link.createMapping(mapping);
  await expect(link.createMapping({ ...mapping, externalUser: 'USER3' })).rejects.toThrow('event 11045');
  await link.deleteMapping(mapping);
  await link.deleteMapping(mapping);
  expect(await listed()).not.toContain('USER2');
  await link.close();
  const powerless = openLink(user);
  await expect(powerless.createMapping(mapping)).rejects.toMatchObject({ code: 'forbidden' });
  await powerless.close();
});

test('an address that is not there is told by its number, and the service goes on', async () => {
  const [near, far] = createPortPair();
  host.attach(far, 'administer', 'test');
  const client = connect(carillonContract, near);
  const { revision } = await client.call('configuration.get', {});
  await client.call('configuration.set', {
    changes: [{ path: ['remote', 'host'], value: '203.0.113.9' }],
    revision,
  });
  await expect.poll(() => host.status()).toMatchObject({ remote: { state: 'failed' } });
  const { findings } = await host.status();
  expect(findings).toContainEqual(expect.objectContaining({ subject: 'Remote access' }));
  const told = await client.call('events.list', { number: 7040, limit: 1 });
  expect(told).toMatchObject([{ severity: 'error' }]);
  noteRaised(told[0]?.number);
});
