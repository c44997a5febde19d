import { expect, test } from 'vitest';

import type { SsoApplicationInput } from '#shared/model/sso-application.ts';
import { nameRulesSchema } from '#shared/model/sso-name-rules.ts';
import { makeExternalName } from '#shared/text/external-name.ts';
import { planMappings } from '#sso/plan-mappings.ts';
import { refused } from '#test/refused.ts';
import { applicationOf, callers, openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

const jdoe = { application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'jd01' };
const mary = { application: 'SAP', windowsAccount: 'FABRIKAM\\mary', externalUser: 'ma01' };

async function openWith(application: SsoApplicationInput = { name: 'SAP' }): Promise<SsoWorld> {
  const world = await openSsoWorld();
  await world.sso.applications.create(callers.ssoAdministrator, [applicationOf(application)]);
  return world;
}

test('a mapping is made disabled, and deleted only while it is', async () => {
  await using world = await openWith();
  const { mappings } = world.sso;
  const [made] = await mappings.create(callers.applicationAdministrator, [jdoe]);
  expect(made).toMatchObject({ enabled: false, externalUser: 'jd01' });
  await mappings.setEnabled(callers.applicationAdministrator, jdoe, true);
  await expect(mappings.delete(callers.applicationAdministrator, [jdoe])).rejects.toEqual(refused(10842));
  await mappings.setEnabled(callers.applicationAdministrator, jdoe, false);
  expect(await mappings.delete(callers.applicationAdministrator, [jdoe])).toBe(1);
  expect(world.entries.at(-1)).toMatchObject({ table: 'deleted-mappings', windowsAccount: 'FABRIKAM\\jdoe' });
});

test('an Individual application has each Windows account and each external account once', async () => {
  await using world = await openWith();
  const create = (request: typeof jdoe) => world.sso.mappings.create(callers.affiliate, [request]);
  await create(jdoe);
  await expect(create({ ...jdoe, externalUser: 'other' })).rejects.toEqual(refused(11045));
  await expect(create({ ...mary, externalUser: 'jd01' })).rejects.toEqual(refused(11046));
  await create({ ...mary, externalUser: 'JD01' });
});

test('the store itself refuses a second mapping', async () => {
  await using world = await openWith();
  const row = { ...jdoe, enabled: false, disabledByAdministrator: false };
  const { database } = world.ports;
  await database.insertMappings([row]);
  await expect(
    database.insertMappings([{ ...row, windowsAccount: 'fabrikam\\JDOE', externalUser: 'x' }]),
  ).rejects.toEqual(refused(11045));
  await expect(database.insertMappings([{ ...row, windowsAccount: 'FABRIKAM\\mary' }])).rejects.toEqual(
    refused(11046),
  );
});

test('mappings are looked at without being made or deleted', async () => {
  await using world = await openWith();
  const { mappings } = world.sso;
  const { affiliate } = callers;
  expect(await mappings.plan(affiliate, [jdoe, mary])).toHaveLength(2);
  expect(await mappings.list(affiliate, {})).toEqual([]);
  await mappings.create(affiliate, [jdoe, mary]);
  await expect(mappings.plan(affiliate, [jdoe])).rejects.toEqual(refused(11045));
  await mappings.setEnabled(affiliate, mary, true);
  await expect(mappings.requireDeletable(affiliate, [jdoe, mary])).rejects.toEqual(refused(10842));
  expect(await mappings.requireDeletable(affiliate, [jdoe])).toHaveLength(1);
  expect(await mappings.list(affiliate, {})).toHaveLength(2);
});

test('mappings are made together or not at all', async () => {
  await using world = await openWith();
  const { mappings } = world.sso;
  await expect(
    mappings.create(callers.affiliate, [jdoe, mary, { ...mary, externalUser: 'x' }]),
  ).rejects.toEqual(refused(11045));
  expect(await mappings.list(callers.affiliate, {})).toEqual([]);
});

test('a Group application maps the accounts that it lists, each once, to any external account', async () => {
  await using world = await openWith({
    name: 'SAP',
    type: 'group',
    users: ['FABRIKAM\\Clerks', 'FABRIKAM\\Sales'],
  });
  const create = (windowsAccount: string, externalUser: string) =>
    world.sso.mappings.create(callers.affiliate, [{ application: 'SAP', windowsAccount, externalUser }]);
  await create('FABRIKAM\\Sales', 'shared');
  await create('FABRIKAM\\Clerks', 'shared');
  await expect(create('FABRIKAM\\Sales', 'other')).rejects.toEqual(refused(11026));
  await expect(create('FABRIKAM\\jdoe', 'other')).rejects.toEqual(refused(10556));
});

test('a Host Group maps many external accounts to its one Windows account', async () => {
  await using world = await openWith({ name: 'SAP', type: 'host-group' });
  const create = (windowsAccount: string, externalUser: string) =>
    world.sso.mappings.create(callers.affiliate, [{ application: 'SAP', windowsAccount, externalUser }]);
  await create('FABRIKAM\\jdoe', 'one');
  await create('FABRIKAM\\jdoe', 'two');
  await expect(create('FABRIKAM\\jdoe', 'two')).rejects.toEqual(refused(11046));
  await expect(create('FABRIKAM\\mary', 'three')).rejects.toEqual(refused(10846));
});

test.each([
  ['INTSVR1\\jdoe', 10841],
  ['.\\jdoe', 10841],
  ['FABRIKAM\\Sales', 10847],
  ['FABRIKAM\\nobody', 10740],
  ['FABRIKAM\\mallory', 10731],
])('no mapping is made of %s', async (windowsAccount, event) => {
  await using world = await openWith();
  await expect(world.sso.mappings.create(callers.affiliate, [{ ...jdoe, windowsAccount }])).rejects.toEqual(
    refused(event),
  );
});

test('a mapping of somebody outside the application is told', async () => {
  await using world = await openWith();
  const request = { ...jdoe, windowsAccount: 'FABRIKAM\\mallory' };
  await expect(world.sso.mappings.create(callers.affiliate, [request])).rejects.toEqual(refused(10731));
  expect(world.events()).toContain(11059);
});

test('users change their own mappings of Individual applications alone', async () => {
  await using world = await openWith();
  const { mappings } = world.sso;
  await mappings.create(callers.jdoe, [jdoe]);
  await mappings.setEnabled(callers.jdoe, jdoe, true);
  await expect(mappings.create(callers.jdoe, [mary])).rejects.toEqual(refused(10558));
  await expect(mappings.setEnabled(callers.mary, jdoe, false)).rejects.toEqual(refused(10558));
  await expect(mappings.setEnabled(callers.stranger, jdoe, false)).rejects.toEqual(refused(11013));
  await world.sso.applications.create(callers.affiliate, [
    applicationOf({ name: 'RACF', type: 'group', users: ['FABRIKAM\\Sales'] }),
  ]);
  const group = { application: 'RACF', windowsAccount: 'FABRIKAM\\Sales', externalUser: 's' };
  await expect(mappings.create(callers.jdoe, [group])).rejects.toEqual(refused(10557));
});

test('users make no mappings where the application keeps that to its administrators', async () => {
  await using world = await openWith({ name: 'SAP', restrictMappingCreate: true });
  await expect(world.sso.mappings.create(callers.jdoe, [jdoe])).rejects.toEqual(refused(10856));
  await world.sso.mappings.create(callers.applicationAdministrator, [jdoe]);
});

test('a user does not enable what an administrator disabled', async () => {
  await using world = await openWith();
  const { mappings } = world.sso;
  await mappings.create(callers.jdoe, [jdoe]);
  await mappings.setEnabled(callers.jdoe, jdoe, true);
  await mappings.setEnabled(callers.jdoe, jdoe, false);
  await mappings.setEnabled(callers.jdoe, jdoe, true);
  await mappings.setEnabled(callers.applicationAdministrator, jdoe, false);
  await expect(mappings.setEnabled(callers.jdoe, jdoe, true)).rejects.toEqual(refused(10770));
  await mappings.setEnabled(callers.applicationAdministrator, jdoe, true);
});

test('callers see the mappings that are theirs', async () => {
  await using world = await openWith();
  const { mappings } = world.sso;
  await mappings.create(callers.affiliate, [jdoe, mary]);
  const seen = async (caller: (typeof callers)['jdoe'], filter = {}) =>
    (await mappings.list(caller, filter)).map(({ externalUser }) => externalUser);
  expect(await seen(callers.affiliate)).toEqual(['jd01', 'ma01']);
  expect(await seen(callers.applicationAdministrator, { applications: ['sap'] })).toEqual(['jd01', 'ma01']);
  expect(await seen(callers.jdoe)).toEqual(['jd01']);
  expect(await seen(callers.jdoe, { windowsAccount: 'FABRIKAM\\mary' })).toEqual([]);
  expect(await seen(callers.stranger)).toEqual([]);
  expect(await seen(callers.affiliate, { windowsAccount: 'fabrikam\\MARY' })).toEqual(['ma01']);
});

test.each([
  [{}, 'jdoe'],
  [{ user: 'upper' }, 'JDOE'],
  [{ domain: 'lower', separator: '_' }, 'fabrikam_jdoe'],
  [{ domain: 'as-is' }, 'FABRIKAMjdoe'],
  [{ prepend: 'x-', append: '-y' }, 'x-jdoe-y'],
  [{ remove: 'do' }, 'je'],
  [{ limit: 2 }, 'jd'],
  [{ user: 'omit', prepend: 'guest' }, 'guest'],
  [{ user: 'omit' }, ''],
] as const)('the rules %j make of FABRIKAM\\jdoe the name %s', (rules, expected) => {
  expect(makeExternalName(nameRulesSchema.parse(rules), 'FABRIKAM\\jdoe')).toBe(expected);
});

test('a plan shows every user with its name, and what forbids it', async () => {
  await using world = await openWith();
  await world.sso.mappings.create(callers.affiliate, [mary]);
  const plan = (rules: object, accounts = ['FABRIKAM\\Sales', 'FABRIKAM\\mallory']) =>
    planMappings(world.sso, callers.affiliate, {
      application: 'SAP',
      accounts,
      rules: nameRulesSchema.parse(rules),
      limit: 100,
    });
  expect(await plan({})).toEqual([
    { windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'jdoe' },
    expect.objectContaining({
      windowsAccount: 'FABRIKAM\\mary',
      problem: expect.stringContaining('already'),
    }),
    expect.objectContaining({ problem: expect.stringContaining('no Application User') }),
  ]);
  expect((await plan({ limit: 1, user: 'omit', prepend: 'x' })).map(({ problem }) => problem)).toEqual([
    undefined,
    expect.stringContaining('make the same name of FABRIKAM\\jdoe'),
    expect.stringContaining('make the same name'),
  ]);
  expect((await plan({ user: 'omit' }))[0]?.problem).toContain('leave nothing');
  await expect(
    planMappings(world.sso, callers.jdoe, {
      application: 'SAP',
      accounts: [],
      rules: nameRulesSchema.parse({}),
      limit: 1,
    }),
  ).rejects.toEqual(refused(11011));
});
