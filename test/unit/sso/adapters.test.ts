import { expect, test } from 'vitest';

import { type SsoAdapterInput, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { refused } from '#test/refused.ts';
import { applicationOf, callers, openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

const admin = callers.ssoAdministrator;

function adapterOf(changes: Partial<SsoAdapterInput> & { name: string }) {
  return ssoAdapterSchema.parse({
    computer: 'host1.fabrikam.lab',
    administrators: ['FABRIKAM\\App Admins'],
    users: ['FABRIKAM\\Clerks'],
    ...changes,
  });
}

async function openWith(...adapters: (Partial<SsoAdapterInput> & { name: string })[]): Promise<SsoWorld> {
  const world = await openSsoWorld();
  await world.sso.adapters.create(admin, adapters.map(adapterOf));
  await world.sso.applications.create(admin, [
    applicationOf({ name: 'SAP' }),
    applicationOf({ name: 'RACF' }),
  ]);
  return world;
}

test('only SSO Administrators create adapters, which start disabled', async () => {
  await using world = await openSsoWorld();
  const { adapters } = world.sso;
  await expect(adapters.create(callers.affiliate, [adapterOf({ name: 'One' })])).rejects.toEqual(
    refused(10715),
  );
  await expect(adapters.create(admin, [adapterOf({ name: 'One', enabled: true })])).rejects.toEqual(
    refused(10850),
  );
  await adapters.create(admin, [adapterOf({ name: 'One' })]);
  await expect(adapters.create(admin, [adapterOf({ name: 'ONE' })])).rejects.toEqual(refused(10752));
  expect(await adapters.require('one')).toMatchObject({
    enabled: false,
    verifyOldPassword: true,
    maxPending: 8,
  });
  expect(() => adapterOf({ name: 'Two', computer: 'short' })).toThrow();
});

test('an adapter is updated by its administrators, and enabled by SSO Administrators', async () => {
  await using world = await openWith({ name: 'One' });
  const { adapters } = world.sso;
  await adapters.update(callers.applicationAdministrator, [
    { name: 'One', changes: { description: 'changed' } },
  ]);
  await expect(
    adapters.update(callers.jdoe, [{ name: 'One', changes: { description: 'x' } }]),
  ).rejects.toEqual(refused(10742));
  await expect(
    adapters.update(callers.applicationAdministrator, [{ name: 'One', changes: { enabled: true } }]),
  ).rejects.toEqual(refused(10742));
  await adapters.update(admin, [{ name: 'One', changes: { enabled: true } }]);
  expect(await adapters.require('One')).toMatchObject({ enabled: true, description: 'changed' });
  await expect(adapters.update(admin, [{ name: 'One', changes: { maxPending: 0 } }])).rejects.toEqual(
    refused(10787),
  );
});

test('adapters are updated together or not at all', async () => {
  await using world = await openWith({ name: 'One' }, { name: 'Two' });
  const { adapters } = world.sso;
  const changes = { description: 'changed' };
  for (const second of [
    { name: 'Nobody', changes },
    { name: 'Two', changes: { maxPending: 0 } },
  ])
    await expect(adapters.update(admin, [{ name: 'One', changes }, second])).rejects.toBeDefined();
  expect(await adapters.require('One')).toMatchObject({ description: '' });
  await adapters.update(admin, [
    { name: 'One', changes },
    { name: 'two', changes },
  ]);
  expect((await adapters.list(admin)).map(({ description }) => description)).toEqual(['changed', 'changed']);
});

test('an application has one adapter, and an adapter that has applications stays', async () => {
  await using world = await openWith({ name: 'One' }, { name: 'Two' });
  const { adapters, applications } = world.sso;
  await adapters.addApplication(admin, 'One', 'sap');
  await adapters.addApplication(admin, 'One', 'RACF');
  expect(await adapters.applicationsOf('one')).toEqual(['RACF', 'SAP']);
  await expect(adapters.addApplication(admin, 'Two', 'SAP')).rejects.toEqual(refused(10825));
  await expect(adapters.delete(admin, 'One')).rejects.toEqual(refused(10806));
  await expect(applications.delete(admin, ['SAP'])).rejects.toEqual(refused(10806));
  await adapters.removeApplication(admin, 'SAP');
  await adapters.removeApplication(admin, 'RACF');
  await adapters.delete(admin, 'One');
  await expect(adapters.require('One')).rejects.toEqual(refused(10822));
  await expect(adapters.require('sap')).rejects.toEqual(refused(10829));
});

test('direct synchronization and an adapter shut each other out', async () => {
  await using world = await openWith({ name: 'One' });
  const { adapters, applications } = world.sso;
  const direct = (directPasswordSync: boolean) =>
    applications.update(admin, [{ name: 'SAP', changes: { directPasswordSync } }]);
  await direct(true);
  await expect(adapters.addApplication(admin, 'One', 'SAP')).rejects.toEqual(refused(10851));
  await direct(false);
  await adapters.addApplication(admin, 'One', 'SAP');
  await expect(direct(true)).rejects.toEqual(refused(10851));
});

test('what is assigned is an application, to what takes applications', async () => {
  await using world = await openWith({ name: 'One' }, { name: 'Group', kind: 'group-adapter' });
  const { adapters } = world.sso;
  await expect(adapters.addApplication(admin, 'Group', 'SAP')).rejects.toEqual(refused(10824));
  await expect(adapters.addApplication(admin, 'One', 'Group')).rejects.toEqual(refused(10823));
  await expect(adapters.addApplication(admin, 'One', 'Nothing')).rejects.toEqual(refused(10756));
  await expect(adapters.addApplication(admin, 'Nothing', 'SAP')).rejects.toEqual(refused(10822));
  await expect(adapters.addApplication(callers.affiliate, 'One', 'SAP')).rejects.toEqual(refused(11024));
});

test('a group takes adapters of its own computer, each in one group', async () => {
  await using world = await openWith(
    { name: 'One' },
    { name: 'Far', computer: 'host2.fabrikam.lab' },
    { name: 'Group', kind: 'group-adapter' },
    { name: 'Other', kind: 'group-adapter' },
  );
  const { adapters } = world.sso;
  await adapters.addToGroup(admin, 'One', 'group');
  expect(await adapters.membersOf('Group')).toEqual(['One']);
  await expect(adapters.addToGroup(admin, 'One', 'Other')).rejects.toEqual(refused(10828));
  await expect(adapters.addToGroup(admin, 'Far', 'Group')).rejects.toEqual(refused(10830));
  await expect(adapters.addToGroup(admin, 'Far', 'One')).rejects.toEqual(refused(10827));
  await expect(adapters.addToGroup(admin, 'Far', 'Nothing')).rejects.toEqual(refused(10826));
  await expect(adapters.addToGroup(admin, 'Other', 'Group')).rejects.toEqual(refused(10824));
  await expect(
    adapters.update(admin, [{ name: 'One', changes: { computer: 'host2.fabrikam.lab' } }]),
  ).rejects.toEqual(refused(10830));
  await expect(adapters.delete(admin, 'One')).rejects.toEqual(refused(10821));
  await expect(adapters.delete(admin, 'Group')).rejects.toEqual(refused(10821));
  await adapters.removeFromGroup(admin, 'One', 'Group');
  await adapters.delete(admin, 'One');
});
