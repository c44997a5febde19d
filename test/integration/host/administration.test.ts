import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { probeLdapBind } from '#lab/bind-probe.ts';
import { agentNames } from '#lab/fabrikam-configuration.ts';
import { findPerson, openLdapDn, type Person, people } from '#lab/people.ts';
import type { ChangeTrace, HistoryRow } from '#shared/contract/changes.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';
import type { Explanation } from '#shared/contract/people.ts';
import type { QueueRow } from '#shared/contract/queue.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { sharedLab } from '#test/shared-lab.ts';

import { ControllerScene, newPassword, poll } from './controller-scene.ts';

const lab = sharedLab();
const scene = new ControllerScene({
  lab,
  name: 'admin1',
  // Heartbeats are told from here on.
  configure: (configuration) => ({ ...configuration, logLevel: 2 }),
});
const { service } = scene;
/** Nobody else's: other tests change the passwords of other people. */
const someone = people.slice(60, 80);
let next = 0;
let person: Person;

beforeAll(() => scene.start());
afterAll(() => scene.dispose());
beforeEach(() => {
  person = findPerson(someone[next % someone.length]?.account ?? '');
  next += 1;
});

const ask: ControllerScene['ask'] = (...given) => scene.ask(...given);
const change: ControllerScene['change'] = (...given) => scene.change(...given);
const outcomes: ControllerScene['outcomes'] = (...given) => scene.outcomes(...given);
const trace = (id: TrackingId): Promise<ChangeTrace> => ask(['trace', id]);
const delivered = { [agentNames.openldap]: 'delivered', [agentNames.ds389]: 'delivered' };
const waiting = { [agentNames.openldap]: 'waiting', [agentNames.ds389]: 'delivered' };

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
  await scene.callAgain();
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

test('a parked delivery waits for an administrator, and a purge empties the queue of one target', async () => {
  await ask(['agents', 'hold', agentNames.openldap]);
  await change(person.account, newPassword());
  await expect.poll(() => service.call('queue.list', {}), poll).toMatchObject({ total: 1 });
  expect(await ask(['queue', 'park', '--agent', agentNames.openldap, '--reason', 'Test'])).toEqual({
    count: 1,
  });
  expect(await ask(['queue', '--parked'])).toMatchObject({ total: 1, rows: [{ lastEvent: 7017 }] });
  expect(await ask(['queue', 'purge', '--agent', agentNames.openldap, '--yes'])).toEqual({ count: 1 });
  expect(await ask(['queue'])).toMatchObject({ total: 0 });
  await ask(['agents', 'resume', agentNames.openldap]);
});

test('a change of an object that nobody knows is refused and told', async () => {
  const id = await change('ghost', newPassword(), { objectGuid: randomUUID() });
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
  await scene.callAgain();
  const id = await change(person.account, newPassword());
  await expect.poll(() => outcomes(id), poll).toEqual(delivered);
});

test('heartbeats show which domain controllers are alive', async () => {
  await scene.sender.heartbeat({
    host: 'dc1.fabrikam.lab',
    productVersion: '0',
    queued: 3,
    oldest: undefined,
    lastCaptured: undefined,
  });
  await expect
    .poll(() => service.call('events.list', { limit: 5, number: 7037 }), poll)
    .toContainEqual(expect.objectContaining({ message: expect.stringContaining('dc1.fabrikam.lab') }));
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

test('what the service and its administrators do is in the event log by its number', async () => {
  await ask(['keys', 'rotate']);
  const text = readFileSync(service.configurationFile, 'utf8');
  service.configure(text.replace(/"keytab": "[^"]+"/, `"keytab": "${service.dataDirectory}/gone.keytab"`));
  service.signal('SIGHUP');
  const numbers = async (): Promise<ReadonlySet<number>> => {
    const events = await service.call('events.list', { limit: 1000 });
    return new Set(events.map(({ number }) => number));
  };
  // The file that is named does not exist: the configuration in force stays.
  await expect.poll(numbers, poll).toContain(7033);
  service.configure(text);
  await service.end();
  await service.start();
  await expect.poll(numbers, poll).toContain(7031);
  expect([...(await numbers())]).toEqual(
    // Start, stop, configuration, a refused one, passwords of agents, keys; changes received, queued, set.
    expect.arrayContaining([7030, 7031, 7032, 7033, 7034, 7035, 6902, 6903, 6907]),
  );
  await scene.callAgain();
});

test('a channel that cannot listen is 7036, and what waits on the domain controllers comes later', async () => {
  const text = readFileSync(service.configurationFile, 'utf8');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  service.configure(text.replace(/"port": \d+/, `"port": ${port}`));
  await ask(['config', 'apply']);
  await expect
    .poll(() => service.call('events.list', { limit: 1, number: 7036 }), poll)
    .toMatchObject([{ severity: 'error' }]);
  expect(await ask(['status'])).toMatchObject({ channel: { state: 'failed' } });
  taken.close();
  service.configure(text);
  await ask(['config', 'apply']);
  await scene.callAgain();
  const id = await change(person.account, newPassword());
  await expect.poll(() => outcomes(id), poll).toEqual(delivered);
});
