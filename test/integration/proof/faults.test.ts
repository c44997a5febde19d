import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { probeLdapBind } from '#lab/bind-probe.ts';
import { agentNames } from '#lab/fabrikam-configuration.ts';
import { applyLdif } from '#lab/ldif.ts';
import { requireNamespace } from '#lab/namespace.ts';
import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';
import { openLdapDn, openLdapEntries, people } from '#lab/people.ts';
import { type TrackingId, trackingIdSchema } from '#shared/model/change.ts';
import { sharedLab } from '#test/shared-lab.ts';

import { ControllerScene, newPassword, poll } from '../host/controller-scene.ts';

const place = join(requireNamespace().directory, 'faults');
/** Nobody else's: other tests change the passwords of other people. */
const someone = people.slice(40, 55);
let openldap: RunningOpenLdap;
let scene: ControllerScene;
let next = 0;

beforeAll(async () => {
  openldap = await startOpenLdap({
    directory: join(place, 'openldap'),
    entries: openLdapEntries(people, 'ou=people,dc=ldap,dc=lab'),
  });
  const { samba, ds389 } = sharedLab();
  scene = new ControllerScene({
    lab: { samba, openldap, ds389 },
    name: 'faults1',
    configure: (configuration) => ({
      ...configuration,
      agents: configuration.agents.map((agent) =>
        agent.name === agentNames.openldap
          ? {
              ...agent,
              connection: { ...agent.connection, connectTimeout: 2 },
              password: { enabled: true, retryInterval: 1, retryCount: 5, operationTimeout: 2 },
            }
          : agent,
      ),
    }),
  });
  await scene.start();
});
afterAll(async () => {
  openldap?.resume();
  await scene?.dispose();
  await openldap?.stop();
});

const delivered = { [agentNames.openldap]: 'delivered', [agentNames.ds389]: 'delivered' };
const someoneNew = () => {
  next += 1;
  const person = someone[next % someone.length];
  if (person === undefined) throw new Error('There is nobody');
  return person;
};
const settled = (id: TrackingId) => expect.poll(() => scene.outcomes(id), poll);
const logsOn = (person: (typeof people)[number], password: string) =>
  probeLdapBind(openldap, openLdapDn(person, openldap.peopleDn), password);

/** Numbers of the events that were logged about a change, or since a moment. */
async function eventsOf(trackingId: TrackingId): Promise<readonly number[]> {
  const events = await scene.service.call('events.list', { trackingId, limit: 100 });
  return events.map(({ number }) => number).toReversed();
}
async function eventsSince(at: number): Promise<readonly number[]> {
  const events = await scene.service.call('events.list', { limit: 200 });
  return events.filter((event) => event.at >= at).map(({ number }) => number);
}

test('a target that is stopped is 6901 and then 7002, uses up no tries, and gets all when it is back: 7003', async () => {
  const began = Date.now();
  const [one, other] = [someoneNew(), someoneNew()];
  const passwords = [newPassword(), newPassword()] as const;
  await openldap.stop();
  const ids = [
    await scene.change(one.account, passwords[0]),
    await scene.change(other.account, passwords[1]),
  ];
  await expect.poll(() => eventsSince(began), poll).toContain(7002);
  for (const id of ids)
    await settled(id).toMatchObject({ [agentNames.openldap]: 'waiting', [agentNames.ds389]: 'delivered' });
  await openldap.restart();
  for (const id of ids) await settled(id).toEqual(delivered);
  expect(await logsOn(one, passwords[0])).toBe(true);
  expect(await logsOn(other, passwords[1])).toBe(true);
  await expect.poll(() => eventsSince(began), poll).toEqual(expect.arrayContaining([6901, 6902, 7002, 7003]));
  expect(await eventsSince(began)).not.toContain(6908);
});

test('a target that hangs delays no other, and the newest password is in force when it answers again', async () => {
  const person = someoneNew();
  const [older, newer] = [newPassword(), newPassword()];
  openldap.pause();
  const first = await scene.change(person.account, older);
  await settled(first).toMatchObject({ [agentNames.ds389]: 'delivered' });
  const second = await scene.change(person.account, newer);
  await settled(second).toMatchObject({ [agentNames.ds389]: 'delivered' });
  openldap.resume();
  await settled(second).toEqual(delivered);
  expect((await scene.outcomes(first))[agentNames.openldap]).toBe('superseded');
  expect(await logsOn(person, newer)).toBe(true);
  expect(await logsOn(person, older)).toBe(false);
});

test('a target that stutters gets every change once it is through', async () => {
  const victims = [someoneNew(), someoneNew(), someoneNew()];
  const ids: TrackingId[] = [];
  for (const { account } of victims) {
    ids.push(await scene.change(account, newPassword()));
    openldap.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    openldap.resume();
  }
  for (const id of ids) await settled(id).toEqual(delivered);
});

test('a password that the target refuses is 6927 and is not tried again', async () => {
  const id = await scene.change(someoneNew().account, 'Kurz-1');
  await settled(id).toMatchObject({ [agentNames.openldap]: 'refused' });
  const { deliveries } = await scene.service.call('changes.trace', { trackingId: id });
  const target = deliveries.find(({ agentName }) => agentName === agentNames.openldap);
  expect(target?.event).toBe(6927);
  expect(target?.attempts.filter(({ event }) => event === 6927)).toHaveLength(1);
  await expect.poll(() => eventsOf(id), poll).toContain(6927);
});

test('a target that takes no writes uses up the tries: 6908, parked with its password, delivered when released', async () => {
  const person = someoneNew();
  const password = newPassword();
  await changeSlapdConf((conf) => conf.replace('\noverlay syncprov', '\nreadonly on\noverlay syncprov'));
  const id = await scene.change(person.account, password);
  await settled(id).toMatchObject({ [agentNames.openldap]: 'parked' });
  await expect.poll(() => eventsOf(id), poll).toEqual(expect.arrayContaining([6901, 6908]));
  await changeSlapdConf((conf) => conf.replace('\nreadonly on', ''));
  const { rows } = await scene.service.call('queue.list', {});
  await scene.ask(['queue', 'release', ...rows.map((row) => String(row.id))]);
  await settled(id).toEqual(delivered);
  expect(await logsOn(person, password)).toBe(true);
});

test('a target whose database is full keeps the delivery queued and says so; with room again it is delivered', async () => {
  const person = someoneNew();
  const other = someoneNew();
  const password = newPassword();
  // An entry of many pages is written anew as a whole: a full database has no such run of them left.
  await fill(person, 60_000);
  const { size } = statSync(join(openldap.directory, 'db/data.mdb'));
  await changeSlapdConf((conf) => conf.replace(/^maxsize .*$/m, `maxsize ${size}`));
  await expect(
    (async () => {
      for (let bytes = 4000; bytes < 60_000; bytes += 4000) await fill(other, bytes);
    })(),
  ).rejects.toThrow(/entry update failed/);
  const id = await scene.change(person.account, password);
  const attempts = async () => {
    const { deliveries } = await scene.service.call('changes.trace', { trackingId: id });
    return deliveries.find(({ agentName }) => agentName === agentNames.openldap)?.attempts;
  };
  // Not the first of them, perhaps: a slow server may have run out of time before.
  const detail = expect.stringMatching(/full disk or database.*80 other.*make room/);
  await expect.poll(attempts, poll).toContainEqual(expect.objectContaining({ event: 6901, detail }));
  await expect.poll(() => eventsOf(id), poll).toContain(6901);
  expect((await scene.outcomes(id))[agentNames.openldap]).toMatch(/waiting|parked/);
  await changeSlapdConf((conf) => conf.replace(/^maxsize .*$/m, `maxsize ${1024 ** 3}`));
  // On a slow machine the tries may be used up by now.
  const { rows } = await scene.service.call('queue.list', {});
  const parked = rows.filter(({ state }) => state === 'parked').map((row) => String(row.id));
  if (parked.length > 0) await scene.ask(['queue', 'release', ...parked]);
  await settled(id).toEqual(delivered);
  expect(await logsOn(person, password)).toBe(true);
});

/** Gives the person an entry of so many bytes; rejects with the words of a server that has no room. */
function fill(person: (typeof people)[number], bytes: number): Promise<void> {
  const dn = openLdapDn(person, openldap.peopleDn);
  const words = 'x'.repeat(Math.floor(bytes));
  return applyLdif(
    openldap.ldapiUrl,
    `dn: ${dn}\nchangetype: modify\nreplace: description\ndescription: ${words}\n`,
  );
}

async function changeSlapdConf(change: (conf: string) => string): Promise<void> {
  const file = join(openldap.directory, 'slapd.conf');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  await openldap.restart();
}

test('a change that is older than the one before it is 6919 and touches nothing', async () => {
  const person = someoneNew();
  const password = newPassword();
  const newer = await scene.change(person.account, password);
  await settled(newer).toEqual(delivered);
  const late = await scene.change(person.account, newPassword(), { at: Date.now() - 60_000 });
  expect(await scene.service.call('changes.trace', { trackingId: late })).toMatchObject({
    refusal: { event: 6919 },
  });
  expect(await logsOn(person, password)).toBe(true);
});

test('a change of the service account is ignored: 6912', async () => {
  const id = await scene.change('svc-carillon', newPassword(), { objectGuid: randomUUID() });
  expect(await scene.service.call('changes.trace', { trackingId: id })).toMatchObject({
    refusal: { event: 6912 },
  });
});

test('while the clock of the server is wrong a caller is told by how much; put right, the change is taken', async () => {
  const { service } = scene;
  const clock = join(place, 'clock');
  writeFileSync(clock, '+10m');
  await service.end();
  // Node measures its timers with the monotonic clock, which stays as it is.
  await service.start({
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
    FAKETIME_TIMESTAMP_FILE: clock,
    // Each look at the file costs; seconds between them will do.
    FAKETIME_CACHE_DURATION: '1',
    DONT_FAKE_MONOTONIC: '1',
  });
  await expect(scene.callAgain()).rejects.toMatchObject({
    code: 'clock-skew',
    event: 6025,
    reach: 'target',
    message: expect.stringMatching(/ s behind/),
  });
  writeFileSync(clock, '+0');
  const calls = () =>
    scene.callAgain().then(
      () => true,
      () => false,
    );
  await expect.poll(calls, poll).toBe(true);
  const id = await scene.change(someoneNew().account, newPassword());
  await settled(id).toEqual(delivered);
}, 300_000);

test('while no domain controller answers, a caller is told to come again and not that it is a stranger', async () => {
  const { service } = scene;
  const began = Date.now();
  const text = readFileSync(service.configurationFile, 'utf8');
  const { samba } = sharedLab();
  await service.end();
  service.configure(text.replaceAll(samba.ldapsUrl, 'ldaps://127.0.0.1:1'));
  await service.start();
  await expect(scene.callAgain()).rejects.toMatchObject({ reach: 'target', event: 6025 });
  expect(await eventsSince(began)).not.toContain(6914);
  await service.end();
  service.configure(text);
  await service.start();
  await scene.callAgain();
  const id = await scene.change(someoneNew().account, newPassword());
  await settled(id).toEqual(delivered);
});

test('the same change twice is acknowledged and delivered once', async () => {
  const trackingId = trackingIdSchema.parse(randomUUID());
  const { account } = someoneNew();
  const password = newPassword();
  const at = Date.now();
  await scene.change(account, password, { trackingId, at });
  await scene.change(account, password, { trackingId, at });
  await settled(trackingId).toEqual(delivered);
  const { deliveries } = await scene.service.call('changes.trace', { trackingId });
  expect(deliveries).toHaveLength(2);
});

test('a full disk: the change is not acknowledged, nothing is lost, and work goes on when there is space', async () => {
  const { service } = scene;
  const person = someoneNew();
  const password = newPassword();
  const keep = join(place, 'kept');
  await service.end();
  const mount = service.dataDirectory;
  spawnSync('cp', ['-a', mount, keep]);
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=700', 'tmpfs', mount]).status).toBe(0);
  try {
    spawnSync('cp', ['-a', `${keep}/.`, mount]);
    await service.start();
    await scene.callAgain();
    const ballast = join(mount, 'ballast');
    const { bavail, bsize } = statfsSync(mount);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    const trackingId = trackingIdSchema.parse(randomUUID());
    await expect(scene.change(person.account, password, { trackingId })).rejects.toThrow();
    rmSync(ballast);
    await expect
      .poll(() => scene.change(person.account, password, { trackingId }).catch(() => undefined), poll)
      .toBe(trackingId);
    await settled(trackingId).toEqual(delivered);
    expect(await logsOn(person, password)).toBe(true);
  } finally {
    await service.end();
    spawnSync('rm', ['-rf', keep]);
    spawnSync('cp', ['-a', mount, keep]);
    spawnSync('umount', [mount]);
    spawnSync('cp', ['-a', `${keep}/.`, mount]);
    await service.start();
    await scene.callAgain();
  }
});

test('a damaged store says so with the way back; restored, what waited is parked: 7050', async () => {
  const { service } = scene;
  const person = someoneNew();
  const password = newPassword();
  await scene.ask(['agents', 'hold', agentNames.openldap]);
  const id = await scene.change(person.account, password);
  await settled(id).toMatchObject({ [agentNames.ds389]: 'delivered' });
  await scene.ask(['store', 'backup']);
  await service.end();
  const file = join(service.dataDirectory, 'carillon.db');
  writeFileSync(file, Buffer.alloc(40_960, 0x5a));
  await expect(service.start()).rejects.toThrow(/is damaged.*carillon store restore/s);
  expect(await scene.ask(['store', 'restore'])).toMatchObject({ parked: 1 });
  await service.start();
  await scene.callAgain();
  const { deliveries } = await scene.service.call('changes.trace', { trackingId: id });
  expect(deliveries).toContainEqual(expect.objectContaining({ state: 'parked', event: 7050 }));
  await scene.ask(['agents', 'resume', agentNames.openldap]);
  const { rows } = await scene.service.call('queue.list', {});
  await scene.ask(['queue', 'release', ...rows.map((row) => String(row.id))]);
  await settled(id).toEqual(delivered);
  expect(await logsOn(person, password)).toBe(true);
});
