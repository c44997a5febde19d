import { expect, test } from 'vitest';

import { nameRulesSchema } from '#shared/model/sso-name-rules.ts';
import { formatMappingLog } from '#shared/text/mapping-log.ts';
import { applicationOf, callers, openSsoWorld, type SsoWorld, secretOf } from '#test/sso-world.ts';

const jdoe = { windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'jd01' };
const mary = { windowsAccount: 'FABRIKAM\\mary', externalUser: 'ma01' };
const stranger = { windowsAccount: 'FABRIKAM\\mallory', externalUser: 'mm01' };

async function openWith(): Promise<SsoWorld> {
  const world = await openSsoWorld();
  await world.sso.applications.create(callers.ssoAdministrator, [applicationOf({ name: 'SAP' })]);
  return world;
}

async function passwordOf({ sso }: SsoWorld, windowsAccount: string): Promise<string | undefined> {
  const { application, mapping } = await sso.mappings.find({ application: 'SAP', windowsAccount });
  const stored = await sso.credentials.readPassword(application, mapping, 'external');
  using password = stored?.password;
  return password === undefined ? undefined : new TextDecoder().decode(password.bytes);
}

test('a refused mapping holds up no other, and the log says why it was refused', async () => {
  await using world = await openWith();
  const made = await world.sso.makeMappings(callers.applicationAdministrator, {
    application: 'sap',
    mappings: [jdoe, stranger, mary],
    enable: true,
  });
  expect(made.map(({ outcome }) => outcome)).toEqual(['created', 'refused', 'created']);
  const enabled = await world.sso.mappings.list(callers.applicationAdministrator, { applications: ['SAP'] });
  expect(enabled.map((mapping) => mapping.enabled)).toEqual([true, true]);
  const log = formatMappingLog('SAP', 0, made).split('\n');
  expect(log[0]).toBe('Mappings of SAP, 1970-01-01T00:00:00.000Z');
  expect(log[2]).toMatch(/^REFUSED\tFABRIKAM\\mallory\tmm01\t\t.*no Application User/);
  expect(log[4]).toBe('2 created, 1 refused');
});

test('passwords are the external name, built of the Windows account, or fixed', async () => {
  await using world = await openWith();
  const make = (mapping: typeof jdoe, password: Parameters<typeof world.sso.makeMappings>[1]['password']) =>
    world.sso.makeMappings(callers.affiliate, {
      application: 'SAP',
      mappings: [mapping],
      enable: false,
      password,
    });
  await make(jdoe, { rule: 'external-name' });
  expect(await passwordOf(world, jdoe.windowsAccount)).toBe('jd01');
  const rules = nameRulesSchema.parse({ user: 'upper', append: '-1' });
  await make(mary, { rule: 'windows-account', rules });
  expect(await passwordOf(world, mary.windowsAccount)).toBe('MARY-1');
  using fixed = secretOf('Welcome!1');
  const [again] = await make(jdoe, { rule: 'fixed', password: fixed });
  expect(again).toMatchObject({ outcome: 'there', passwordSet: true });
  expect(await passwordOf(world, jdoe.windowsAccount)).toBe('Welcome!1');
});

test('a mapping whose password cannot be built stays disabled and is told', async () => {
  await using world = await openWith();
  const rules = nameRulesSchema.parse({ user: 'omit' });
  const [made] = await world.sso.makeMappings(callers.affiliate, {
    application: 'SAP',
    mappings: [jdoe],
    enable: true,
    password: { rule: 'windows-account', rules },
  });
  expect(made).toMatchObject({ outcome: 'created', passwordSet: false });
  expect(made?.problem).toContain('leave nothing');
  const { mapping } = await world.sso.mappings.find({ application: 'SAP', ...jdoe });
  expect(mapping.enabled).toBe(false);
});

test('a run that is made again leaves what stands, and one that is stopped ends between two mappings', async () => {
  await using world = await openWith();
  const bulk = { application: 'SAP', mappings: [jdoe, mary], enable: true };
  await world.sso.makeMappings(callers.affiliate, { ...bulk, mappings: [jdoe] });
  const made = await world.sso.makeMappings(callers.affiliate, bulk);
  expect(made.map(({ outcome }) => outcome)).toEqual(['there', 'created']);
  await expect(world.sso.makeMappings(callers.affiliate, bulk, AbortSignal.abort())).rejects.toThrow();
});

test('only administrators of the application make many mappings', async () => {
  await using world = await openWith();
  const bulk = { application: 'SAP', mappings: [jdoe], enable: true };
  await expect(world.sso.makeMappings(callers.jdoe, bulk)).rejects.toMatchObject({ event: 11011 });
  expect(await world.ports.database.countMappings('SAP')).toBe(0);
});

test('what somebody else changed meanwhile is not written over', async () => {
  await using world = await openWith();
  const { applications, filters } = world.sso;
  const admin = callers.ssoAdministrator;
  await applications.update(admin, [{ name: 'SAP', changes: { contact: 'anna' }, seen: { contact: '' } }]);
  const late = [{ name: 'SAP', changes: { contact: 'bob' }, seen: { contact: '' } }];
  await expect(applications.update(admin, late)).rejects.toMatchObject({ code: 'conflict' });
  expect((await applications.require('SAP')).contact).toBe('anna');
  const filter = {
    name: 'Short',
    description: '',
    rules: { format: 'as-is' as const, remove: '', substitute: [], padding: 'end' as const },
  };
  await filters.save(admin, filter, null);
  await expect(filters.save(admin, filter, null)).rejects.toMatchObject({ event: 10752 });
  await filters.save(admin, { ...filter, description: 'one' }, filter);
  await expect(filters.save(admin, { ...filter, description: 'two' }, filter)).rejects.toMatchObject({
    code: 'conflict',
  });
});
