import { expect, test } from 'vitest';

import { refused } from '#test/refused.ts';

import { applicationOf, callers, openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

async function create(world: SsoWorld, ...names: string[]): Promise<void> {
  await world.sso.applications.create(
    callers.affiliate,
    names.map((name) => applicationOf({ name })),
  );
}

test('an application is made disabled, and enabling it is told', async () => {
  await using world = await openSsoWorld();
  const { applications } = world.sso;
  await create(world, 'SAP');
  expect((await applications.require('sap')).enabled).toBe(false);
  await applications.setEnabled(callers.applicationAdministrator, 'SAP', true);
  await applications.setEnabled(callers.applicationAdministrator, 'SAP', false);
  expect((await applications.require('SAP')).enabled).toBe(false);
  expect(world.events()).toEqual(expect.arrayContaining([10580, 10581]));
});

test('names are found whatever their case, kept as they were written, and given once', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  expect((await world.sso.applications.require('sAp')).name).toBe('SAP');
  await expect(create(world, 'sap')).rejects.toEqual(refused(10752));
  await expect(create(world, 'RACF', 'racf')).rejects.toEqual(refused(10752));
  expect(() => applicationOf({ name: 'two words' })).toThrow();
});

test('several applications are made together or not at all', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  await expect(create(world, 'RACF', 'SAP')).rejects.toEqual(refused(10752));
  await expect(world.sso.applications.require('RACF')).rejects.toEqual(refused(10756));
});

test.each([
  ['enabled', { enabled: true }, 10850],
  ['synchronizing directly', { directPasswordSync: true }, 10849],
  [
    'with two synchronized fields',
    {
      fields: [{ label: 'User' }, { label: 'One', synchronized: true }, { label: 'Two', synchronized: true }],
    },
    10818,
  ],
  ['with a label twice', { fields: [{ label: 'User' }, { label: 'user' }] }, 10758],
  ['without users', { users: [] }, 10786],
  ['without administrators', { administrators: [] }, 10786],
  ['with administrators said twice', { administratorsSameAsAffiliate: true }, 10775],
  ['a Group that hosts begin', { type: 'group', allowHostInitiatedSso: true }, 10787],
  ['a Host Group with users', { type: 'host-group', users: ['FABRIKAM\\Sales'] }, 10846],
  ['a Host Group without its account', { type: 'host-group', windowsAccount: undefined }, 10846],
  ['a Host Group of a group', { type: 'host-group', windowsAccount: 'FABRIKAM\\Sales' }, 10846],
  ['with an unknown user group', { users: ['FABRIKAM\\Nobody'] }, 10567],
  ['with an unknown administrator', { administrators: ['FABRIKAM\\Nobody'] }, 10568],
  ['with a local account', { users: ['INTSVR1\\locals'] }, 10781],
] as const)('an application is not made %s', async (_, changes, event) => {
  await using world = await openSsoWorld();
  const application = applicationOf({ name: 'SAP', ...(changes as object) });
  await expect(world.sso.applications.create(callers.ssoAdministrator, [application])).rejects.toEqual(
    refused(event),
  );
  expect(await world.ports.database.applications.list()).toEqual([]);
});

test('a single account in place of a group is taken with a warning', async () => {
  await using world = await openSsoWorld();
  const application = applicationOf({
    name: 'SAP',
    users: ['FABRIKAM\\jdoe'],
    administrators: ['FABRIKAM\\anna'],
  });
  await world.sso.applications.create(callers.affiliate, [application]);
  expect(world.events()).toEqual(expect.arrayContaining([11053, 11054]));
});

test('built-in accounts get no rights', () => {
  for (const account of ['Everyone', 'BUILTIN\\Users', 'FABRIKAM\\Domain Users', 'NT AUTHORITY\\SYSTEM'])
    expect(() => applicationOf({ name: 'SAP', users: [account] })).toThrow();
});

test('what is fixed once an application is made does not change', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  const update = (changes: object) =>
    world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes }]);
  await expect(update({ type: 'group' })).rejects.toEqual(refused(10787));
  await expect(update({ administratorsSameAsAffiliate: true, administrators: [] })).rejects.toEqual(
    refused(10787),
  );
  await expect(
    update({ fields: [{ label: 'User ID' }, { label: 'Password', masked: false, synchronized: true }] }),
  ).rejects.toEqual(refused(10787));
  await update({ fields: [{ label: 'User ID' }, { label: 'Kennwort', masked: true, synchronized: true }] });
  expect((await world.sso.applications.require('SAP')).fields[1]?.label).toBe('Kennwort');
});

test('Direct Password Sync needs one field to write, and no field joins while it is on', async () => {
  await using world = await openSsoWorld();
  const { applications } = world.sso;
  const admin = callers.ssoAdministrator;
  const user = { label: 'User' };
  const three = [user, { label: 'One' }, { label: 'Two' }];
  await applications.create(admin, [
    applicationOf({ name: 'SAP' }),
    applicationOf({ name: 'Host', fields: three }),
  ]);
  const direct = (name: string) =>
    applications.update(admin, [{ name, changes: { directPasswordSync: true } }]);
  await expect(direct('Host')).rejects.toEqual(refused(10848));
  await direct('SAP');
  const { fields } = await applications.require('SAP');
  const more = [...fields, { label: 'PIN', masked: true, synchronized: false }];
  await expect(applications.update(admin, [{ name: 'SAP', changes: { fields: more } }])).rejects.toEqual(
    refused(10852),
  );
});

test('a ticket timeout outside its range is refused with its number', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  const update = (ticketTimeout: number) =>
    world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes: { ticketTimeout } }]);
  await expect(update(0)).rejects.toEqual(refused(11025));
  await expect(update(525_601)).rejects.toEqual(refused(11025));
  await update(525_600);
  expect((await world.sso.applications.require('SAP')).ticketTimeout).toBe(525_600);
});

test('an application without a credential field is not enabled', async () => {
  await using world = await openSsoWorld();
  await world.sso.applications.create(callers.affiliate, [
    applicationOf({ name: 'SAP', fields: [{ label: 'User' }] }),
  ]);
  await expect(world.sso.applications.setEnabled(callers.affiliate, 'SAP', true)).rejects.toEqual(
    refused(10769),
  );
});

test('applications are made, enabled and deleted together or not at all', async () => {
  await using world = await openSsoWorld();
  const { applications } = world.sso;
  const [sap, bare] = [
    applicationOf({ name: 'SAP' }),
    applicationOf({ name: 'Bare', fields: [{ label: 'User Id' }] }),
  ];
  await expect(applications.create(callers.affiliate, [sap, bare], ['SAP', 'Bare'])).rejects.toEqual(
    refused(10769),
  );
  expect(await applications.list(callers.affiliate)).toEqual([]);
  await applications.create(callers.affiliate, [sap, bare], ['sap']);
  const enabled = async () => (await applications.list(callers.affiliate)).filter((each) => each.enabled);
  expect((await enabled()).map(({ name }) => name)).toEqual(['SAP']);
  await expect(applications.delete(callers.affiliate, ['SAP', 'Nothing'])).rejects.toEqual(refused(10756));
  expect(await applications.list(callers.affiliate)).toHaveLength(2);
  await applications.delete(callers.affiliate, ['SAP', 'sap', 'Bare']);
  expect(await applications.list(callers.affiliate)).toEqual([]);
});

test('each role does what it may, and each refusal is audited', async () => {
  await using world = await openSsoWorld();
  const { applications } = world.sso;
  await expect(
    applications.create(callers.applicationAdministrator, [applicationOf({ name: 'SAP' })]),
  ).rejects.toEqual(refused(11010));
  await create(world, 'SAP');
  const update = (caller: (typeof callers)['jdoe'], changes: object) =>
    applications.update(caller, [{ name: 'SAP', changes }]);
  await expect(update(callers.jdoe, { description: 'mine' })).rejects.toEqual(refused(11011));
  await update(callers.applicationAdministrator, { users: ['FABRIKAM\\Sales'] });
  await expect(
    update(callers.applicationAdministrator, { administrators: ['FABRIKAM\\Sales'] }),
  ).rejects.toEqual(refused(10569));
  await expect(update(callers.affiliate, { allowTickets: true })).rejects.toEqual(refused(10566));
  await update(callers.ssoAdministrator, { allowTickets: true });
  await expect(applications.get(callers.stranger, 'SAP')).rejects.toEqual(refused(10842));
  expect((await applications.get(callers.jdoe, 'SAP')).name).toBe('SAP');
  await expect(applications.delete(callers.applicationAdministrator, ['SAP'])).rejects.toEqual(
    refused(11010),
  );
  const refusals = world.entries.filter(({ event }) => [11010, 11011, 10569, 10566, 10842].includes(event));
  expect(refusals).toHaveLength(6);
  for (const { table, caller } of refusals) {
    expect(table).toBe('administration');
    expect(caller).toMatch(/^FABRIKAM\\/);
  }
});

test('who else administers and uses an application is told, and whether it takes tickets', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  const update = (changes: object) =>
    world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes }]);
  await update({ users: ['FABRIKAM\\Sales'], administrators: ['FABRIKAM\\Clerks'] });
  await update({ allowTickets: true });
  await update({ allowTickets: false });
  expect(world.events()).toEqual(expect.arrayContaining([10578, 10579, 10608, 10609]));
});

test('an application whose administrators are the affiliate ones has no others', async () => {
  await using world = await openSsoWorld();
  const same = { administratorsSameAsAffiliate: true, administrators: [] };
  await world.sso.applications.create(callers.affiliate, [applicationOf({ name: 'SAP', ...same })]);
  const clear = (caller: (typeof callers)['jdoe']) => world.sso.applications.clearCache(caller, 'SAP');
  await clear(callers.affiliate);
  await expect(clear(callers.applicationAdministrator)).rejects.toEqual(refused(11012));
});

test('a change of several applications is made of all or of none', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP', 'RACF');
  await expect(
    world.sso.applications.update(callers.affiliate, [
      { name: 'SAP', changes: { description: 'changed' } },
      { name: 'RACF', changes: { type: 'group' } },
    ]),
  ).rejects.toEqual(refused(10787));
  expect((await world.sso.applications.require('SAP')).description).toBe('');
});

test('callers see the applications that they have to do with', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  await world.sso.applications.create(callers.affiliate, [
    applicationOf({ name: 'RACF', users: ['FABRIKAM\\Clerks'] }),
  ]);
  const names = async (caller: (typeof callers)['jdoe']) =>
    (await world.sso.applications.list(caller)).map(({ name }) => name);
  expect(await names(callers.affiliate)).toEqual(['RACF', 'SAP']);
  expect(await names(callers.jdoe)).toEqual(['SAP']);
  expect(await names(callers.mary)).toEqual(['RACF', 'SAP']);
  expect(await names(callers.stranger)).toEqual([]);
});

test('deleting an application deletes its mappings and says how many', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  const request = { application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'jd01' };
  await world.sso.mappings.create(callers.affiliate, [request]);
  expect(await world.sso.applications.delete(callers.affiliate, ['sap'])).toBe(1);
  expect(await world.ports.database.listMappings({})).toEqual([]);
  expect(world.entries.at(-1)).toMatchObject({ table: 'deleted-applications', application: 'SAP' });
});

test('where the directory does not answer, nobody is let in', async () => {
  await using world = await openSsoWorld();
  await create(world, 'SAP');
  world.directory.down = true;
  await expect(world.sso.applications.delete(callers.affiliate, ['SAP'])).rejects.toEqual(refused(11014));
});

test('whoever installs a server administers it until an account is named', async () => {
  await using world = await openSsoWorld();
  const { access } = world.sso;
  expect(await access.isSsoAdministrator(callers.local)).toBe(true);
  world.directory.members.set('FABRIKAM\\SSO Administrators', ['FABRIKAM\\SSO Staff']);
  expect(await access.isSsoAdministrator(callers.local)).toBe(false);
  world.setSystem({ administrators: [] });
  expect(await access.isSsoAdministrator(callers.local)).toBe(true);
  expect(await access.isSsoAdministrator(callers.ssoAdministrator)).toBe(false);
});
