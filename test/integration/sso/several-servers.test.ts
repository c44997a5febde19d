import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { AdapterClient } from '#adapters/client/adapter-client.ts';
import { type Host, startHost } from '#host/start-host.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { findFreePort } from '#lab/port.ts';
import { startPostgresql } from '#lab/postgresql-server.ts';
import { runSambaTool } from '#lab/samba-domain.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { administeredDomain } from '#test/administered-domain.ts';
import { noteRaised } from '#test/raised-events.ts';
import { runCliHere } from '#test/run-cli-here.ts';
import { sharedLab } from '#test/shared-lab.ts';

// Several steps that wait for each other, on a machine that may have much to do.
vi.setConfig({ testTimeout: 120_000 });
const { samba, directory: home } = sharedLab();
const directory = mkdtempSync(join(home, 'servers-'));
const domain = samba.netbios;
const account = 'svc-servers';
const group = 'SSO S Admins';
const keytab = join(directory, 'servers.keytab');
const names = { a: 'sso-a.fabrikam.lab', b: 'sso-b.fabrikam.lab' } as const;
type Side = keyof typeof names;
const hosts = new Map<Side, Host>();
let database: RunningSqlServer;

beforeAll(async () => {
  const spns = Object.values(names).map((name) => `ENTSSO/${name}`);
  const booting = startPostgresql({ directory: join(directory, 'postgresql') });
  await addServiceAccount(samba, { name: account, password: 'Lab-Servers-1!', servicePrincipalNames: spns });
  await runSambaTool(samba, ['group', 'add', group]);
  await runSambaTool(samba, ['group', 'addmembers', group, account]);
  await exportKeytab(samba, keytab, account, ...spns);
  database = await booting;
  for (const side of ['a', 'b'] as const) writeConfiguration(side, await findFreePort(samba.address));
});

afterAll(async () => {
  for (const host of hosts.values()) await host.stop();
  await database?.stop();
  await runSambaTool(samba, ['user', 'delete', account]);
  await runSambaTool(samba, ['group', 'delete', group]);
  rmSync(directory, { recursive: true, force: true });
});

const folderOf = (side: Side): string => join(directory, side);

function writeConfiguration(side: Side, port: number): void {
  mkdirSync(folderOf(side), { mode: 0o700 });
  const configuration = {
    version: 1,
    agents: [administeredDomain(samba)],
    singleSignOn: {
      system: { administrators: [`${domain}\\${group}`] },
      listen: { host: samba.address, port, spn: `ENTSSO/${names[side]}`, keytab },
      servers: [{ name: names[side], serviceAccount: `${domain}\\${account}` }],
    },
  };
  writeFileSync(join(folderOf(side), 'carillon.json'), JSON.stringify(configuration));
}

async function start(side: Side): Promise<void> {
  hosts.set(side, await startHost({ dataDirectory: folderOf(side) }));
}

async function stop(side: Side): Promise<void> {
  await hosts.get(side)?.stop();
  hosts.delete(side);
}

async function run(side: Side, args: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await runCliHere([...args, '--data', folderOf(side)], stdin);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

/** The service account itself, as its own socket has it. */
function client(side: Side): Client<CarillonContract> {
  const [near, far] = createPortPair();
  hosts.get(side)?.attach(far, 'administer', 'test');
  return connect(carillonContract, near);
}

const until = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 100 });

const secretOf = (text: string): SecretBytes => SecretBytes.take(new TextEncoder().encode(text));
const rowsOf = async (side: Side) =>
  new Map((await client(side).call('sso.servers', {})).map((row) => [row.name, row]));
const eventsOf = async (side: Side): Promise<number[]> =>
  (await client(side).call('events.list', { limit: 500 })).map(({ number }) => {
    noteRaised(number);
    return number;
  });
const choice = () => [
  ...[`127.0.0.1:${database.port}`, database.database, database.serviceUser],
  ...[`caFile=${database.caFile}`, `serverName=${database.host}`, 'pollInterval=1', 'connectTimeout=5'],
];
const mapped = (externalUser: string) => ({
  application: 'SAP',
  windowsAccount: `${domain}\\${account}`,
  externalUser,
});
const fieldsOf = (text: string): string => {
  const value = Buffer.from(text);
  return Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), value]).toString('base64');
};

test('a server moves what it keeps to PostgreSQL, and a second one joins it', async () => {
  await start('a');
  await run('a', ['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
  await run('a', ['ssoconfig', '-generatesecret', join(directory, 'secret.bak')], 'Backup-1234\n');
  await run('a', ['ssomanage', '-enablesso']);
  await run('a', ['ssomanage', '-tickets', 'yes', 'yes']);
  const people = [`${domain}\\${group}`];
  const { call } = client('a');
  await call('sso.createApplications', {
    applications: [{ name: 'SAP', users: people, administrators: people }],
  });
  await call('sso.updateApplications', { updates: [{ name: 'SAP', changes: { enabled: true } }] });
  await call('sso.createMappings', { mappings: [mapped('svc')], enable: true });
  await call('sso.setCredentials', { mapping: mapped('svc'), fields: fieldsOf('Host-Secret-1') });

  expect(await run('a', ['ssoconfig', '-createdb', ...choice()], `${database.servicePassword}\n`)).toContain(
    '1 mappings and 1 credentials were moved',
  );
  expect(
    await database.runSql(
      "SELECT count(*) FROM carillon.credential WHERE position('Host-Secret'::bytea in sealed) > 0",
    ),
  ).toBe('0\n');
  await stop('a');
  await start('a');
  expect(await run('a', ['ssoconfig', '-showdb'])).toMatch(/In use +: Yes\nProblem +: -/);
  expect(await run('a', ['ssomanage', '-listmappings', 'SAP'])).toContain('svc');

  await start('b');
  await run('b', ['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
  await run('b', ['ssoconfig', '-setdb', ...choice()], `${database.servicePassword}\n`);
  await stop('b');
  await start('b');
  // Once made it is not made again.
  const again = await runCliHere(
    ['ssoconfig', '-createdb', ...choice(), '--data', folderOf('b')],
    `${database.servicePassword}\n`,
  );
  expect(again.stderr).toContain('event 10831');
  expect(await eventsOf('b')).toContain(10549);
  expect(await eventsOf('a')).toContain(10548);
  const status = await client('b').call('sso.status', {});
  expect(status).toMatchObject({ enabled: true, server: names.b, applications: 1 });
  expect(status.secret).toMatchObject({ isSecretServer: false, current: 1 });
  expect((await client('b').call('sso.issueTicket', {})).ticket).not.toBe('');
  await client('b').call('sso.setCredentials', { mapping: mapped('svc'), fields: fieldsOf('Host-Secret-2') });
  expect(await eventsOf('a')).toContain(10531);
});

test('each server shows the others as they are, and starts, stops and counts them', async () => {
  await until(async () => {
    expect((await rowsOf('a')).get(names.b)).toMatchObject({
      status: 'Online',
      steerable: true,
      computer: 'SSO-B',
    });
    expect((await rowsOf('b')).get(names.a)).toMatchObject({ status: 'Online', secretServer: true });
  });
  await client('a').call('sso.stopServer', { name: names.b });
  await until(async () => expect((await rowsOf('a')).get(names.b)?.status).toBe('Stopped'));
  expect((await rowsOf('b')).get(names.b)?.status).toBe('Stopped');
  await client('a').call('sso.startServer', { name: names.b });
  await until(async () => expect((await rowsOf('a')).get(names.b)?.status).toBe('Online'));
  await until(async () => expect((await rowsOf('a')).get(names.b)?.events?.information).toBeGreaterThan(0));
  await client('a').call('sso.resetServerCounts', { name: names.b });
  await until(async () => expect((await rowsOf('a')).get(names.b)?.events?.information).toBe(0));
});

test('what is changed at one server is in force at the others within the poll', async () => {
  await run('b', ['ssomanage', '-disablesso']);
  await until(async () =>
    expect(await run('a', ['ssomanage', '-displaydb'])).toMatch(/SSO Status +: Disabled/),
  );
  await run('a', ['ssomanage', '-enablesso']);
  await until(async () =>
    expect(await run('b', ['ssomanage', '-displaydb'])).toMatch(/SSO Status +: Enabled/),
  );
  await run('b', ['ssoconfig', '-auditlevel', '3', '2']);
  await until(async () => {
    const { configuration } = hosts.get('a') ?? { configuration: undefined };
    const other = configuration?.configuration.singleSignOn.servers.find(({ name }) => name === names.b);
    expect(other).toMatchObject({ positiveAuditLevel: 'high', negativeAuditLevel: 'medium' });
  });
});

test('what an adapter reports while PostgreSQL is away is kept, and taken up when it is back', async () => {
  const people = [`${domain}\\${group}`];
  const { call } = client('a');
  await run('a', ['ssomanage', '-enable', 'extsync']);
  await call('sso.createAdapters', {
    adapters: [{ name: 'Dir', computer: names.a, users: people, administrators: people }],
  });
  await call('sso.assignApplication', { adapter: 'Dir', application: 'SAP' });
  const changes = { receiveChanges: true, verifyOldPassword: false, storeNotifications: true, enabled: true };
  await call('sso.updateAdapters', { updates: [{ name: 'Dir', changes }] });
  const { socket } = await call('adapters.state', {});
  const tokenFile = join(folderOf('a'), 'adapters/dir.token');
  await until(async () => expect(existsSync(tokenFile)).toBe(true));
  const token = readFileSync(tokenFile, 'utf8').trim();
  const adapter = await AdapterClient.open({ socket, adapter: 'Dir', token, software: 'test' });
  const report = async (password: string) => {
    using newPassword = secretOf(password);
    const message = {
      type: 'report',
      externalAccount: 'svc',
      secrets: { newPassword: newPassword.length },
    } as const;
    return (await adapter.ask(message, { newPassword })).answer;
  };
  expect(await report('Before-Away-1')).toMatchObject({ ok: true, event: 10736 });
  await database.stop();
  expect(await report('While-Away-2')).toMatchObject({ ok: true, event: 10720 });
  await expect(call('sso.setCredentials', { mapping: mapped('svc'), fields: fieldsOf('x') })).rejects.toThrow(
    'event 10785',
  );
  await until(async () => expect(await eventsOf('a')).toContain(10514));
  expect((await rowsOf('a')).get(names.a)?.status).toBe('Online');
  await database.restart();
  await until(async () =>
    expect(await eventsOf('a')).toEqual(expect.arrayContaining([10591, 10686, 10687, 10698])),
  );
  expect(await report('While-Away-2')).toMatchObject({ ok: true, event: 10666 });
  adapter.close();
});

test('without the master secret server look-ups go on and nothing new is sealed', async () => {
  await stop('a');
  await until(async () => {
    expect((await rowsOf('b')).get(names.a)?.status).toBe('Offline');
    await expect(client('b').call('sso.issueTicket', {})).rejects.toThrow('event 10532');
  });
  expect((await client('b').call('sso.status', {})).secret.current).toBe(1);
  await start('a');
  await until(async () => expect((await client('b').call('sso.issueTicket', {})).ticket).not.toBe(''));
});

test('the master secret moves to another server, and the one before fetches it from there', async () => {
  const backup = join(directory, 'moving.bak');
  await run('a', ['ssoconfig', '-backupsecret', backup], 'Backup-1234\n');
  const file = join(directory, 'global.xml');
  writeFileSync(file, `<sso><globalInfo><secretServer>${names.b}</secretServer></globalInfo></sso>`);
  await run('a', ['ssomanage', '-updatedb', file]);
  await until(async () =>
    expect(await run('b', ['ssomanage', '-displaydb'])).toMatch(new RegExp(`Secret Server.*: ${names.b}`)),
  );
  expect(await eventsOf('a')).toContain(10575);
  // A server keeps the secret, or fetches it, from its start on.
  await stop('b');
  await start('b');
  expect(await eventsOf('b')).toContain(10520);
  await run('b', ['ssoconfig', '-restoresecret', backup], 'Backup-1234\n');
  expect((await client('b').call('sso.status', {})).secret).toMatchObject({
    isSecretServer: true,
    current: 1,
  });
  await stop('a');
  await start('a');
  await until(async () => expect(await eventsOf('b')).toContain(10531));
  await until(async () => expect((await client('a').call('sso.issueTicket', {})).ticket).not.toBe(''));
  await client('a').call('sso.setCredentials', { mapping: mapped('svc'), fields: fieldsOf('Host-Secret-3') });
  expect((await client('a').call('sso.status', {})).secret).toMatchObject({
    isSecretServer: false,
    current: 1,
  });
  const generate = await runCliHere(
    ['ssoconfig', '-generatesecret', join(directory, 'no.bak'), '--data', folderOf('a')],
    'Backup-1234\n',
  );
  expect(generate.stderr).toContain('event 10766');
});
