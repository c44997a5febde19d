import { expect, test } from 'vitest';

import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { refused } from '#test/refused.ts';
import {
  applicationOf,
  callers,
  openSsoWorld,
  type SsoWorld,
  secretOf,
  setUpMapping,
} from '#test/sso-world.ts';

const jdoe = { application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe' };

async function read(world: SsoWorld, caller: (typeof callers)['jdoe'] = callers.jdoe): Promise<string> {
  const { externalUser, fields } = await world.sso.lookups.getCredentials(caller, 'SAP');
  return `${externalUser}:${fields.map(({ bytes }) => new TextDecoder().decode(bytes)).join(',')}`;
}

test('a user looks up the credentials that are its own', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  expect(await read(world)).toBe('jd01:Pa55word');
  await expect(read(world, callers.mary)).rejects.toEqual(refused(10757));
  await expect(read(world, callers.stranger)).rejects.toEqual(refused(11013));
  expect(world.entries[0]).toMatchObject({ event: 11028, table: 'external-credential-lookups' });
});

test('nobody looks up what an administrator alone has rights to', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  await expect(read(world, callers.applicationAdministrator)).rejects.toEqual(refused(11013));
  await expect(read(world, callers.ssoAdministrator)).rejects.toEqual(refused(11013));
});

test('each state that stands in the way has its number', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP', disableCredentialCache: true });
  const { applications, mappings } = world.sso;
  const admin = callers.ssoAdministrator;
  world.setSystem({ enabled: false });
  await expect(read(world)).rejects.toEqual(refused(10754));
  world.setSystem({ enabled: true });
  await applications.setEnabled(admin, 'SAP', false);
  await expect(read(world)).rejects.toEqual(refused(10755));
  await applications.update(admin, [
    { name: 'SAP', changes: { enabled: true, allowWindowsInitiatedSso: false } },
  ]);
  await expect(read(world)).rejects.toEqual(refused(10782));
  await applications.update(admin, [{ name: 'SAP', changes: { allowWindowsInitiatedSso: true } }]);
  await mappings.setEnabled(admin, jdoe, false);
  await expect(read(world)).rejects.toEqual(refused(10770));
  await mappings.setEnabled(admin, jdoe, true);
  await mappings.setEnabled(callers.jdoe, jdoe, false);
  await expect(read(world)).rejects.toEqual(refused(10764));
  await mappings.setEnabled(admin, jdoe, true);
  expect(await read(world)).toBe('jd01:Pa55word');
});

test('a mapping without credentials gives none', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { mapping } = await world.sso.mappings.find(jdoe);
  await world.sso.credentials.delete(mapping, 'external');
  await expect(read(world)).rejects.toEqual(refused(10765));
});

test('a look-up from another host is refused where the server allows none', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const remote = { ...callers.jdoe, isRemote: true };
  await expect(read(world, remote)).rejects.toEqual(refused(11068));
  const { server } = world.settings;
  if (server === undefined) throw new Error('No server');
  world.settings = { ...world.settings, server: { ...server, allowRemoteLookup: true } };
  expect(await read(world, remote)).toBe('jd01:Pa55word');
});

test('the first entry of a Group application that the caller belongs to decides', async () => {
  await using world = await openSsoWorld();
  const admin = callers.ssoAdministrator;
  await world.sso.applications.create(admin, [
    applicationOf({ name: 'SAP', type: 'group', users: ['FABRIKAM\\Clerks', 'FABRIKAM\\Sales'] }),
  ]);
  await world.sso.applications.setEnabled(admin, 'SAP', true);
  for (const group of ['Clerks', 'Sales']) {
    const reference = { application: 'SAP', windowsAccount: `FABRIKAM\\${group}` };
    await world.sso.mappings.create(admin, [{ ...reference, externalUser: group }]);
    await world.sso.mappings.setEnabled(admin, reference, true);
    await world.sso.setCredentials(admin, { ...reference, fields: [secretOf(`of ${group}`)] });
  }
  expect(await read(world, callers.jdoe)).toBe('Sales:of Sales');
  expect(await read(world, callers.mary)).toBe('Clerks:of Clerks');
});

test('what was looked up is kept, until it times out, is cleared, or changes', async () => {
  await using world = await openSsoWorld();
  const mapping = await setUpMapping(world, { name: 'SAP' });
  expect(await read(world)).toBe('jd01:Pa55word');
  // Another server of the system writes: this one does not hear of it.
  const other = async (text: string) => {
    const { credentials, applications } = world.sso;
    const written = { ...mapping, enabled: true };
    const application = await applications.require('SAP');
    await credentials.writeFields(application, written, [secretOf(text)], world.clock.now());
  };
  await other('second');
  expect(await read(world)).toBe('jd01:Pa55word');
  await world.clock.move(60 * 60_000);
  expect(await read(world)).toBe('jd01:second');
  await other('third');
  await world.sso.applications.clearCache(callers.applicationAdministrator, 'SAP');
  expect(await read(world)).toBe('jd01:third');
  await world.sso.setCredentials(callers.jdoe, { ...jdoe, fields: [secretOf('fourth')] });
  expect(await read(world)).toBe('jd01:fourth');
});

test('a mapping that is deleted gives nothing out of the cache', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  await read(world);
  await world.sso.mappings.setEnabled(callers.ssoAdministrator, jdoe, false);
  await world.sso.mappings.delete(callers.ssoAdministrator, [jdoe]);
  await expect(read(world)).rejects.toEqual(refused(10757));
});

test('a password filter changes what is given out, and a broken one gives out nothing', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { filters } = world.sso;
  const save = (rules: object) =>
    filters.save(callers.ssoAdministrator, ssoPasswordFilterSchema.parse({ name: 'Mainframe', rules }));
  await save({ format: 'upper', maximumLength: 4 });
  await filters.assign(callers.affiliate, 'SAP', 'mainframe');
  expect(await read(world)).toBe('jd01:PA55');
  await save({ remove: 'Pa55word' });
  await expect(read(world)).rejects.toEqual(refused(10855));
  await filters.assign(callers.affiliate, 'SAP', undefined);
  expect(await read(world)).toBe('jd01:Pa55word');
});

test('a filter that an application has is not deleted', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { filters } = world.sso;
  await filters.save(callers.ssoAdministrator, ssoPasswordFilterSchema.parse({ name: 'Short' }));
  await filters.assign(callers.affiliate, 'SAP', 'Short');
  await expect(filters.delete(callers.ssoAdministrator, 'Short')).rejects.toEqual(refused(10806));
  await filters.assign(callers.affiliate, 'SAP', undefined);
  await filters.delete(callers.ssoAdministrator, 'Short');
  await expect(filters.assign(callers.affiliate, 'SAP', 'Short')).rejects.toEqual(refused(10756));
  await expect(
    filters.save(callers.affiliate, ssoPasswordFilterSchema.parse({ name: 'Short' })),
  ).rejects.toEqual(refused(11009));
});

test('a host gets the Windows account of an external one by showing its password', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP', allowHostInitiatedSso: true });
  const ask = (password?: string, caller: (typeof callers)['jdoe'] = callers.applicationAdministrator) =>
    world.sso.lookups.getWindowsAccount(
      caller,
      'SAP',
      'jd01',
      password === undefined ? undefined : secretOf(password),
    );
  await expect(ask('Pa55word')).rejects.toEqual(refused(10808));
  world.setSystem({ allowHostInitiatedSso: true });
  expect(await ask('Pa55word')).toBe('FABRIKAM\\jdoe');
  for (const wrong of ['pa55word', 'Pa55wor', 'Pa55wordPa55word', undefined])
    await expect(ask(wrong)).rejects.toEqual(refused(10810));
  await expect(ask('Pa55word', callers.jdoe)).rejects.toEqual(refused(11011));
  const update = (changes: object) =>
    world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes }]);
  await update({ verifyExternalCredentials: false });
  expect(await ask()).toBe('FABRIKAM\\jdoe');
  await update({ allowHostInitiatedSso: false });
  await expect(ask('Pa55word')).rejects.toEqual(refused(10809));
});
