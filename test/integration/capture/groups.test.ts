import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { openLdap } from '#directory/ldap-connection.ts';
import { readPcnsListing } from '#exchange/pcns/read-pcns-listing.ts';
import { leadTarget } from '#host/migration/lead-target.ts';
import { readPcns } from '#host/snapshots/read-pcns.ts';
import { applyLdif } from '#lab/ldif.ts';
import { passwordChanges } from '#lab/password-changes.ts';
import { administratorBind } from '#lab/samba-domain.ts';
import type { AgentId } from '#shared/model/change.ts';
import { secret } from '#test/password-scene.ts';

import {
  type CaptureDomain,
  type CaptureInProcess,
  createUser,
  pcnscfg,
  runCapture,
  startCaptureDomain,
  until,
} from './capture-domain.ts';

let captured: CaptureDomain;
let capture: CaptureInProcess;
let serial = 0;

/** The configuration in the directory itself, in PCNS' own objects. */
beforeAll(async () => {
  captured = await startCaptureDomain({
    settings: { pcns: { kind: 'directory' } },
    globals: ['dsdb:schema update allowed = yes'],
  });
  for (const group of ['Synced', 'Synced Outer', 'Barred', 'Barred Inner', 'Doomed']) await addGroup(group);
  await addMember('Barred', dnOf('Barred Inner'));
  await addMember('Synced Outer', dnOf('Synced'));
});
afterAll(() => captured.domain.stop());
beforeEach(async () => {
  capture = await runCapture(captured);
});
afterEach(() => capture.running.stop());

const dnOf = (group: string) => `CN=${group},CN=Users,${captured.domain.baseDn}`;
const write = (ldif: string) => applyLdif(captured.domain.ldapsUrl, ldif, administratorBind(captured.domain));
const addGroup = (name: string) => write(`dn: ${dnOf(name)}\nobjectClass: group\nsAMAccountName: ${name}\n`);
const addMember = (group: string, dn: string) =>
  write(`dn: ${dnOf(group)}\nchangetype: modify\nadd: member\nmember: ${dn}\n`);

const received = () => capture.channel.received.map(({ target, password }) => `${target} ${password}`);
const numbers = () => capture.log.map(({ number }) => number);
const add = (name: string, ...more: readonly string[]) =>
  pcnscfg(captured, 'addtarget', `/N:${name}`, '/A:intsvr1:7000', '/S:PCNSCLNT/intsvr1', ...more);
const isActive = (name: string) =>
  until(() => capture.running.status().targets.some(({ target }) => target === name));

async function freshUser(...groups: readonly string[]) {
  serial += 1;
  const user = await createUser(captured, `member${serial}`, `Start-${serial}-Secret`);
  await until(() => decided(user.account) === 1 && isDelivered());
  for (const group of groups) await addMember(group, user.dn);
  return user;
}

/** Changes of an account that capture has decided about: admitted, refused by the directory, overtaken. */
const decided = (account: string): number =>
  capture.log.filter((line) => [2201, 7020, 7021].includes(line.number ?? 0) && line.account === account)
    .length;

/** Nothing is on its way; what is blocked stays. */
function isDelivered(): boolean {
  const { held, targets } = capture.running.status();
  return held === 0 && targets.every(({ waiting }) => waiting === 0);
}

async function reset(user: Awaited<ReturnType<typeof freshUser>>, newPassword: string): Promise<void> {
  const before = decided(user.account);
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword });
  await until(() => decided(user.account) > before && isDelivered());
}

test('without the schema the directory says what to do', async () => {
  await expect(add('Early', '/FI:Synced')).rejects.toMatchObject({
    fix: expect.stringContaining('pcnscfg schema'),
  });
  expect(numbers()).toEqual(expect.arrayContaining([6000, 4001]));
});

test('the schema is added once, and the second time nothing is left to add', async () => {
  expect(await pcnscfg(captured, 'schema')).toContain('mS-MIIS-PCNS-TargetSPN');
  expect(await pcnscfg(captured, 'schema')).toBe('The schema has everything already.');
});

test('a target kept in the directory comes back as it was given', async () => {
  const key = `sha256/${Buffer.alloc(32, 7).toString('base64')}`;
  await add(
    'Full',
    '/FI:NORTHWIND\\Synced',
    '/FE:Barred',
    '/I:600',
    '/WL:4294967295',
    '/WI:60',
    '/F:1',
    `/K:${key}`,
  );
  await pcnscfg(captured, 'service', '/L:4294967295', '/A:0', '/R:1000', '/I:10');
  const listing = await pcnscfg(captured, 'list');
  for (const line of [
    /MaxQueueLength\.+: 4294967295/,
    /MaxQueueAge\.+: unlimited/,
    /MaxNotificationRetries\.+: 1000/,
    /RetryInterval\.+: 10 seconds/,
    /Server FQDN or Address\.+: intsvr1:7000/,
    /Inclusion Group Name\.+: NORTHWIND\\Synced/,
    /Exclusion Group Name\.+: NORTHWIND\\Barred/,
    /Keep Alive Interval\.+: 600 seconds/,
    /User Name Format\.+: 1/,
    /Queue Warning Level\.+: 4294967295/,
    /Disabled\.+: False/,
  ])
    expect(listing).toMatch(line);
  expect(listing).toContain(key);
  await readAsSnapshot();
  await leadListed(listing);
  await pcnscfg(captured, 'service', '/L:0', '/A:259200', '/R:0', '/I:60');
  for (const name of ['Full', 'Full Carillon', 'Gone']) await pcnscfg(captured, 'deletetarget', `/N:${name}`);
  expect(await pcnscfg(captured, 'list')).toContain('Total targets: 0');
});

const agent = 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01' as AgentId;

/** The domain as the service's agent sees it, signed in with this name. */
async function asAgent<T>(
  user: string,
  password: string,
  work: (domain: Parameters<typeof readPcns>[0][number]) => Promise<T>,
): Promise<T> {
  const { domain } = captured;
  const connection = await openLdap({ url: domain.ldapsUrl, caFile: domain.caFile, connectTimeout: 5000 });
  try {
    await connection.bindSimple(`${user}@${domain.realm.toLowerCase()}`, secret(password));
    return await work({ agent, name: 'NORTHWIND', dn: domain.baseDn, connect: async () => connection });
  } finally {
    await connection.close();
  }
}

/** The service reads the same objects into a snapshot. */
function readAsSnapshot(): Promise<void> {
  return asAgent('Administrator', captured.domain.adminPassword, async (domain) => {
    const [read] = await readPcns([domain]);
    expect(read).toMatchObject({
      name: 'NORTHWIND',
      service: { maximumQueueLength: 4294967295, maximumQueueAge: 0, retryInterval: 10 },
      targets: [
        { name: 'Full', server: 'intsvr1:7000', keepAliveInterval: 600, userNameFormat: 1, disabled: false },
      ],
    });
  });
}

/** What a migration does with a listing: a target beside the listed one, and one that is gone made again. */
async function leadListed(listing: string): Promise<void> {
  const [listed] = readPcnsListing(listing).targets;
  if (listed === undefined) throw new Error('A target');
  const fingerprint = `sha256/${Buffer.alloc(32, 9).toString('base64')}`;
  const receiver = { server: 'carillon.northwind.lab', spn: 'PCNSCLNT/carillon.northwind.lab', fingerprint };
  await asAgent('Administrator', captured.domain.adminPassword, async (domain) => {
    await leadTarget(listed, { ...receiver, fingerprint: undefined }, [domain]);
    await leadTarget(listed, receiver, [domain]);
    await leadTarget({ ...listed, name: 'Gone' }, receiver, [domain]);
    const [read] = await readPcns([domain]);
    const like = { keepAliveInterval: 600, userNameFormat: 1, queueWarningInterval: 60, disabled: false };
    expect(read?.['targets']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'Full', server: 'intsvr1:7000' }),
        expect.objectContaining({ name: 'Full Carillon', ...receiver, ...like }),
        expect.objectContaining({ name: 'Gone', ...receiver, ...like }),
      ]),
    );
    expect(read?.['targets']).toHaveLength(3);
  });
  const user = await freshUser();
  const refused = asAgent(user.account, `Start-${serial}-Secret`, (domain) =>
    leadTarget({ ...listed, name: 'Other' }, receiver, [domain]),
  );
  await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
}

test('another domain controller is configured over LDAPS with a name and a password', async () => {
  const { domain } = captured;
  const remote = [
    `/Server:${domain.host}`,
    `/User:Administrator@northwind.lab`,
    '/Password:*',
    `/CaFile:${domain.caFile}`,
  ];
  await add('Remote', '/FI:Synced', ...remote);
  expect(await pcnscfg(captured, 'list', ...remote)).toContain('Remote');
  await pcnscfg(captured, 'deletetarget', '/N:Remote', ...remote);
});

test('members of the inclusion group are sent, nested ones too, and nobody else', async () => {
  await add('Nested', '/FI:Synced Outer');
  await isActive('Nested');
  const [inside, outside] = [await freshUser('Synced'), await freshUser()];
  capture.channel.received.length = 0;
  await reset(inside, 'Nested-Inside-1');
  await reset(outside, 'Nested-Outside-1');
  expect(received()).toEqual(['Nested Nested-Inside-1']);
  expect(numbers()).toContain(2303);
  await pcnscfg(captured, 'deletetarget', '/N:Nested');
});

test('members of the exclusion group are held back, nested ones too, from that target alone', async () => {
  await add('Guarded', '/FI:Domain Users', '/FE:Barred');
  await add('Unguarded', '/FI:Domain Users');
  await isActive('Guarded');
  await isActive('Unguarded');
  const barred = await freshUser('Barred Inner');
  capture.channel.received.length = 0;
  await reset(barred, 'Barred-Secret-1');
  expect(received()).toEqual(['Unguarded Barred-Secret-1']);
  await pcnscfg(captured, 'deletetarget', '/N:Guarded');
  await pcnscfg(captured, 'deletetarget', '/N:Unguarded');
});

test('a disabled target gets nothing, and nothing later of what was changed meanwhile', async () => {
  await add('Off', '/FI:Domain Users', '/D:True');
  await pcnscfg(captured, 'modifytarget', '/N:Off', '/I:0');
  const user = await freshUser();
  await reset(user, 'Disabled-Secret-1');
  await pcnscfg(captured, 'enabletarget', '/N:Off');
  await isActive('Off');
  await reset(user, 'Enabled-Secret-1');
  expect(received()).toEqual(['Off Enabled-Secret-1']);
  await pcnscfg(captured, 'deletetarget', '/N:Off');
});

test('deleting the exclusion group is 6032 at once, lets nothing through, and loses nothing', async () => {
  await add('Alarmed', '/FI:Domain Users', '/FE:Doomed');
  await isActive('Alarmed');
  const [barred, plain] = [await freshUser('Doomed'), await freshUser()];
  await addMember('Barred', barred.dn);
  capture.channel.received.length = 0;
  await write(`dn: ${dnOf('Doomed')}\nchangetype: delete\n`);
  await reset(barred, 'Doomed-Barred-1');
  await reset(plain, 'Doomed-Plain-1');
  expect(numbers()).toContain(6032);
  expect(received()).toEqual([]);
  expect(capture.running.status().targets[0]).toMatchObject({ blocked: 2, unresolved: [expect.any(String)] });
  // Mended, it lets go whom the new group does not hold back.
  await pcnscfg(captured, 'securetarget', '/N:Alarmed', '/FE:Barred');
  await until(() => capture.running.status().targets[0]?.blocked === 0 && isDelivered());
  expect(received()).toEqual(['Alarmed Doomed-Plain-1']);
  await pcnscfg(captured, 'deletetarget', '/N:Alarmed');
});

test('a group that does not exist is refused when it is given', async () => {
  await expect(add('Bad', '/FI:Nobody Here')).rejects.toThrow('No group "Nobody Here"');
  await expect(add('Bad', '/FI:OTHER\\Synced')).rejects.toThrow('No group');
});
