import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { formatGuid } from '#capture/guid.ts';
import { type ChannelSender, openSender } from '#channel/sender.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import { bytesOf } from '#directory/search-entry.ts';
import { probeLdapBind } from '#lab/bind-probe.ts';
import { agentNames, fabrikamConfiguration, fullProfile } from '#lab/fabrikam-configuration.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { findPerson, openLdapDn, type Person, people } from '#lab/people.ts';
import { runSambaTool } from '#lab/samba-domain.ts';
import type { ChangeTrace, HistoryRow } from '#shared/contract/changes.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';
import type { Explanation } from '#shared/contract/people.ts';
import type { QueueRow } from '#shared/contract/queue.ts';
import { systemStatusSchema } from '#shared/contract/system.ts';
import { type TrackingId, trackingIdSchema } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { sharedLab } from '#test/shared-lab.ts';

import { ServiceProcess } from './service-process.ts';

const spn = 'PCNSCLNT/admin1.fabrikam.lab';
const accounts = { service: 'svc-admin-test', source: 'svc-admin-adma' };
const sourcePassword = 'Lab-Source-2!';
const lab = sharedLab();
const service = new ServiceProcess();
/** Nobody else's: other tests change the passwords of other people. */
const someone = people.slice(60, 80);
let next = 0;
let guids: ReadonlyMap<string, string>;
let sender: ChannelSender;
let person: Person;

beforeAll(async () => {
  const { samba } = lab;
  await addServiceAccount(samba, {
    name: accounts.service,
    password: 'Lab-Admin-Test-1!',
    servicePrincipalNames: [spn],
  });
  await addServiceAccount(samba, {
    name: accounts.source,
    password: sourcePassword,
    servicePrincipalNames: [],
  });
  const keytab = join(service.dataDirectory, 'service.keytab');
  await exportKeytab(samba, keytab, spn);
  const sourceAccount = `${accounts.source}@${samba.realm.toLowerCase()}`;
  service.configure(fabrikamConfiguration({ lab, keytab, spn, sourceAccount }));
  await service.start();
  for (const [agent, password] of [
    [agentNames.source, sourcePassword],
    [agentNames.openldap, lab.openldap.servicePassword],
    [agentNames.ds389, lab.ds389.servicePassword],
  ] as const)
    await ask(['agents', 'set-password', agent], `${password}\n`);
  for (const agent of Object.values(agentNames)) await ask(['run', agent, fullProfile]);
  guids = await readGuids();
  const tickets = join(service.dataDirectory, 'tickets');
  mkdirSync(tickets, { mode: 0o700 });
  process.env['KRB5_CLIENT_KTNAME'] = `FILE:${samba.secretsKeytab}`;
  process.env['KRB5CCNAME'] = `DIR:${tickets}`;
  sender = await openDomainController();
});
afterAll(async () => {
  await sender?.close();
  await service.dispose();
  for (const name of Object.values(accounts)) await runSambaTool(lab.samba, ['user', 'delete', name]);
});
beforeEach(() => {
  person = findPerson(someone[next % someone.length]?.account ?? '');
  next += 1;
});

/** One command with `--json`; fails the test where the command fails. */
async function ask<T = unknown>(args: readonly string[], stdin = ''): Promise<T> {
  const { code, stdout, stderr } = await service.carillon([...args, '--json'], stdin);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

async function readGuids(): Promise<ReadonlyMap<string, string>> {
  const { samba } = lab;
  const connection = await openLdap({ url: samba.ldapsUrl, caFile: samba.caFile, connectTimeout: 5000 });
  using password = SecretBytes.take(new TextEncoder().encode(samba.adminPassword));
  await connection.bindSimple(`${samba.adminUser}@${samba.realm.toLowerCase()}`, password);
  const entries = await connection.searchEntries({
    base: `OU=People,${samba.baseDn}`,
    scope: 'sub',
    filter: '(objectClass=user)',
    attributes: ['sAMAccountName', 'objectGUID'],
  });
  await connection.close();
  const text = new TextDecoder();
  return new Map(
    entries.map((entry) => [
      text.decode(bytesOf(entry, 'sAMAccountName')),
      formatGuid(bytesOf(entry, 'objectGUID') ?? new Uint8Array()),
    ]),
  );
}

/** Speaks to the service with the domain controller's own account; the port is another after each start. */
async function openDomainController(): Promise<ChannelSender> {
  const { channel } = systemStatusSchema.parse(await ask(['status']));
  expect(channel).toMatchObject({ state: 'listening', spn });
  return await openSender({
    host: '127.0.0.1',
    port: channel.port ?? 0,
    pin: channel.fingerprint ?? '',
    spn,
    principal: `DC1$@${lab.samba.realm}`,
  });
}

async function change(
  account: string,
  password: string,
  objectGuid = guids.get(account) ?? '',
): Promise<TrackingId> {
  const trackingId = trackingIdSchema.parse(randomUUID());
  const at = Date.now();
  using secret = SecretBytes.take(new TextEncoder().encode(password));
  await sender.send(
    {
      trackingId,
      domain: lab.samba.netbios,
      account,
      objectGuid,
      sourceServer: 'dc1.fabrikam.lab',
      capturedAt: at,
      committedAt: at,
      queuedAt: at,
      sentAt: at,
      version: 0,
    },
    secret,
  );
  return trackingId;
}

const trace = (id: TrackingId): Promise<ChangeTrace> => ask(['trace', id]);
async function outcomes(id: TrackingId): Promise<Readonly<Record<string, string>>> {
  const { deliveries } = await service.call('changes.trace', { trackingId: id });
  return Object.fromEntries(deliveries.map(({ agentName, outcome, state }) => [agentName, outcome ?? state]));
}
const delivered = { [agentNames.openldap]: 'delivered', [agentNames.ds389]: 'delivered' };
const waiting = { [agentNames.openldap]: 'waiting', [agentNames.ds389]: 'delivered' };
const poll = { timeout: 15_000, interval: 200 };
const newPassword = () => `Pw-${randomUUID()}-ß!`;

test('a change of a domain controller reaches both targets and can be traced', async () => {
  const password = newPassword();
  const id = await change(person.account, password);
  await expect.poll(() => outcomes(id), poll).toEqual(delivered);
  expect(await probeLdapBind(lab.openldap, openLdapDn(person, lab.openldap.peopleDn), password)).toBe(true);
  const { account, hops, deliveries } = await trace(id);
  expect(account).toBe(`FABRIKAM\\${person.account}`);
  expect(hops.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['received', 'resolved', 'guarded', 'accepted']),
  );
  expect(deliveries.map(({ verification }) => verification)).toEqual(['verified', 'verified']);
  const history = await ask<HistoryRow[]>(['history', person.account]);
  expect(history.filter(({ trackingId }) => trackingId === id)).toHaveLength(2);
});

test('a held target collects, survives a kill of the service, and drains when resumed', async () => {
  await ask(['agents', 'hold', agentNames.openldap]);
  const password = newPassword();
  const id = await change(person.account, password);
  await expect.poll(() => outcomes(id), poll).toEqual(waiting);
  const explanation = await ask<Explanation>(['explain', person.account]);
  expect(
    Object.fromEntries(explanation.targets.map(({ agentName, verdict }) => [agentName, verdict])),
  ).toEqual({
    [agentNames.openldap]: 'hold',
    [agentNames.ds389]: 'deliver',
  });
  await service.end('SIGKILL');
  expect(await ask(['queue'])).toMatchObject({ total: 1 });
  await service.start();
  expect(await outcomes(id)).toEqual(waiting);
  await ask(['agents', 'resume', agentNames.openldap]);
  await expect.poll(() => outcomes(id), poll).toEqual(delivered);
  expect(await probeLdapBind(lab.openldap, openLdapDn(person, lab.openldap.peopleDn), password)).toBe(true);
  await sender.close();
  sender = await openDomainController();
});

test('the newest change wins, and what it took the place of says so', async () => {
  await ask(['agents', 'hold', agentNames.openldap]);
  const older = await change(person.account, newPassword());
  const newer = await change(person.account, newPassword());
  await expect.poll(() => outcomes(newer), poll).toEqual(waiting);
  expect((await outcomes(older))[agentNames.openldap]).toBe('superseded');
  await ask(['agents', 'resume', agentNames.openldap]);
  await expect.poll(() => outcomes(newer), poll).toEqual(delivered);
});

test('a cancelled delivery ends as cancelled, with who and why', async () => {
  await ask(['agents', 'hold', agentNames.openldap]);
  const id = await change(person.account, newPassword());
  await expect.poll(() => outcomes(id), poll).toEqual(waiting);
  const { rows } = await ask<{ rows: QueueRow[] }>(['queue', '--agent', agentNames.openldap]);
  expect(rows).toMatchObject([{ trackingId: id, state: 'waiting', agentName: agentNames.openldap }]);
  const { count } = await ask<{ count: number }>([
    'queue',
    'cancel',
    String(rows[0]?.id),
    '--reason',
    'Test',
  ]);
  expect(count).toBe(1);
  const { deliveries } = await trace(id);
  expect(deliveries.find(({ agentName }) => agentName === agentNames.openldap)).toMatchObject({
    outcome: 'cancelled',
    event: 7007,
    reason: 'Test (control socket)',
  });
  await ask(['agents', 'resume', agentNames.openldap]);
});

test('a purge empties the queue of one target', async () => {
  await ask(['agents', 'hold', agentNames.openldap]);
  await change(person.account, newPassword());
  await expect.poll(() => service.call('queue.list', {}), poll).toMatchObject({ total: 1 });
  expect(await ask(['queue', 'purge', '--agent', agentNames.openldap, '--yes'])).toEqual({ count: 1 });
  expect(await ask(['queue'])).toMatchObject({ total: 0 });
  await ask(['agents', 'resume', agentNames.openldap]);
});

test('a change of an object that nobody knows is refused and told', async () => {
  const id = await change('ghost', newPassword(), randomUUID());
  expect(await trace(id)).toMatchObject({ refusal: { event: 7011 }, deliveries: [] });
  const { definition, events } = await ask<{ definition: object; events: LoggedEvent[] }>(['events', '7011']);
  expect(definition).toMatchObject({ number: 7011, severity: 'warning' });
  expect(events).toContainEqual(expect.objectContaining({ trackingId: id, number: 7011 }));
});

test('a target that is switched off refuses with event 6921 at once', async () => {
  const file = service.configurationFile;
  const { text } = await ask<{ text: string }>(['config', 'show']);
  const configuration = JSON.parse(text) as { agents: { name: string; password?: { enabled: boolean } }[] };
  for (const agent of configuration.agents)
    if (agent.name === agentNames.openldap) agent.password = { enabled: false };
  service.configure(configuration);
  await ask(['config', 'apply']);
  const id = await change(person.account, newPassword());
  await expect
    .poll(() => outcomes(id), poll)
    .toEqual({
      [agentNames.openldap]: 'refused',
      [agentNames.ds389]: 'delivered',
    });
  expect((await trace(id)).deliveries.map(({ event }) => event)).toContain(6921);
  service.configure(text);
  await ask(['config', 'apply', file]);
});

test('with synchronization off nobody listens, and the domain controller keeps its change', async () => {
  await ask(['sync', 'disable']);
  await expect
    .poll(() => service.call('system.status', {}), poll)
    .toMatchObject({ passwordSync: false, channel: { state: 'off' } });
  await expect(change(person.account, newPassword())).rejects.toThrow();
  await ask(['sync', 'enable']);
  await expect
    .poll(() => service.call('system.status', {}), poll)
    .toMatchObject({ channel: { state: 'listening' } });
  await sender.close();
  sender = await openDomainController();
  const id = await change(person.account, newPassword());
  await expect.poll(() => outcomes(id), poll).toEqual(delivered);
});

test('heartbeats show which domain controllers are alive', async () => {
  await sender.heartbeat({
    host: 'dc1.fabrikam.lab',
    productVersion: '0',
    queued: 3,
    oldest: undefined,
    lastCaptured: undefined,
  });
  expect(await ask(['controllers'])).toContainEqual(
    expect.objectContaining({
      server: 'dc1.fabrikam.lab',
      domain: 'FABRIKAM',
      queued: 3,
      lastHeartbeatAt: expect.any(Number),
      clockDifference: expect.any(Number),
    }),
  );
});
