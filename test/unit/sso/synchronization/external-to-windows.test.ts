import { afterEach, beforeEach, expect, test } from 'vitest';

import { PasswordFailure } from '#shared/model/password-failure.ts';
import { refused } from '#test/refused.ts';
import { openSyncWorld, type SyncWorld } from '#test/sync-world.ts';

const jdoe = 'FABRIKAM\\jdoe';
const mary = 'FABRIKAM\\mary';
let world: SyncWorld;

beforeEach(async () => {
  world = await openSyncWorld();
  await world.addAdapter({ name: 'Mainframe', verifyOldPassword: false });
  await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
  await world.map('Payroll', jdoe, 'JDOE1');
});
afterEach(() => world[Symbol.asyncDispose]());

async function prepareFullSync(): Promise<void> {
  await world.changeAdapter('Mainframe', { changeWindowsPassword: true });
  world.windows.passwords.set(jdoe, 'Geheim-1');
  await world.windowsChange(jdoe, 'Geheim-1');
  await world.deliver('Mainframe');
  await world.sso.clock.move(1000);
  expect(world.events()).toContain(10732);
}

test('damping lists what it remembers, newest first, until ten minutes are over', async () => {
  await prepareFullSync();
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  const remembered = await world.synchronization.listDamping(10);
  expect(remembered.map(({ adapter, account, origin }) => [adapter, account, origin])).toEqual([
    [undefined, jdoe.toLowerCase(), 'performed'],
    ['mainframe', 'JDOE1', 'received'],
  ]);
  expect(await world.synchronization.listDamping(1)).toHaveLength(1);
  await world.sso.clock.move(10 * 60_000);
  expect(await world.synchronization.listDamping(10)).toEqual([]);
  await world.report('Mainframe', 'JDOE1', 'Neu-2');
  expect(await world.synchronization.clearDamping()).toBe(2);
  expect(await world.synchronization.clearDamping()).toBe(0);
});

test('partial synchronization stores the password and leaves Windows alone', async () => {
  world.windows.passwords.set(jdoe, 'Geheim-1');
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ accepted: true, event: 10736 });
  expect(world.events()).toEqual([10663, 10736]);
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Neu-1');
  expect(world.windows.changed).toEqual([]);
});

test('full synchronization changes Windows with the stored old password, and its echo is dropped', async () => {
  await prepareFullSync();
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10736, 10670, 10738]);
  expect(world.windows.passwords.get(jdoe)).toBe('Neu-1');
  expect(await world.stored('Payroll', 'JDOE1', 'windows')).toBe('Neu-1');
  await world.windowsChange(jdoe, 'Neu-1');
  expect(world.events()).toEqual([10662, 10667]);
  expect(await world.deliver('Mainframe')).toEqual([]);
});

test('full synchronization goes on to the other external accounts, not back to where it came from', async () => {
  await world.addAdapter({ name: 'Shop' });
  await world.addApplication({ name: 'Store', adapter: 'Shop' });
  await world.map('Store', jdoe, 'john');
  await prepareFullSync();
  await world.deliver('Shop');
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(await world.deliver('Shop')).toEqual(['john Neu-1']);
  expect(await world.deliver('Mainframe')).toEqual([]);
});

test('the echo of what an adapter was made to set is dropped', async () => {
  await world.windowsChange(jdoe, 'Geheim-1');
  await world.deliver('Mainframe');
  world.events();
  expect(await world.report('Mainframe', 'JDOE1', 'Geheim-1')).toMatchObject({ event: 10713 });
  expect(world.events()).toEqual([10663, 10713]);
});

test('a report that comes twice is taken once', async () => {
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ accepted: true, event: 10666 });
});

test('who goes back to the password before makes a change, not an echo', async () => {
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  await world.report('Mainframe', 'JDOE1', 'Neu-2');
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ event: 10736 });
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Neu-1');
});

test('a report that is older than what is stored does not take the place of the newest', async () => {
  const now = world.sso.clock.now();
  const report = (password: string, changedAt: number) =>
    world.report('Mainframe', 'JDOE1', password, undefined, changedAt);
  await report('Neu-2', now - 1000);
  expect(await report('Neu-1', now - 2000)).toMatchObject({ accepted: false });
  expect(world.events()).toContain(10816);
  // The one before comes once more: told already.
  expect(await report('Neu-2', now - 1000)).toMatchObject({ accepted: true, event: 10666 });
  // And who goes to the refused password later makes a change.
  expect(await report('Neu-1', now)).toMatchObject({ accepted: true, event: 10736 });
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Neu-1');
});

test.each([
  [
    'an adapter that is disabled',
    10800,
    (): Promise<unknown> => world.changeAdapter('Mainframe', { enabled: false }),
  ],
  [
    'an adapter that reports nothing',
    10707,
    (): Promise<unknown> => world.changeAdapter('Mainframe', { receiveChanges: false }),
  ],
  [
    'a system that takes nothing from adapters',
    10707,
    async (): Promise<unknown> =>
      world.setDirections({ fromAdaptersToDatabase: false, fromAdaptersToWindows: false }),
  ],
  [
    'an application that is disabled',
    10735,
    async (): Promise<void> => {
      const found = await world.sso.ports.database.applications.find('Payroll');
      if (found !== undefined)
        await world.sso.ports.database.applications.update([{ ...found, enabled: false }]);
    },
  ],
  [
    'a mapping that is disabled',
    10679,
    (): Promise<unknown> =>
      world.sso.ports.database.setMappingState(1, { enabled: false, disabledByAdministrator: true }),
  ],
  [
    'an account that left the application',
    11037,
    async (): Promise<unknown> => void world.sso.directory.members.set('FABRIKAM\\Sales', []),
  ],
] as const)('a report is refused for %s', async (_, event, prepare) => {
  await prepare();
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ accepted: false, event });
  expect(world.events()).toContain(event);
  expect(await world.stored('Payroll', 'JDOE1')).toBeUndefined();
});

test('a report without the old password is refused: 10676 in the log, 10820 to the adapter', async () => {
  await world.changeAdapter('Mainframe', { verifyOldPassword: true });
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toEqual(refused(10820));
  expect(world.events()).toContain(10676);
  expect(await world.stored('Payroll', 'JDOE1')).toBeUndefined();
});

test('the time stamps of a change are told at the highest audit level', async () => {
  const now = world.sso.clock.now();
  await world.report('Mainframe', 'JDOE1', 'Neu-1', undefined, now - 5000);
  const stamps = world.sso.entries.filter(({ event }) => event === 10664);
  expect(stamps).toMatchObject([{ level: 3, externalUser: 'JDOE1' }]);
  expect(stamps[0]?.message).toContain(new Date(now - 5000).toISOString());
});

test('a report of an account that nobody mapped, or that is too old, is refused', async () => {
  expect(await world.report('Mainframe', 'NOBODY', 'Neu-1')).toMatchObject({ event: 10805 });
  const old = world.sso.clock.now() - 25 * 3_600_000;
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1', undefined, old)).toMatchObject({ event: 10803 });
});

test('the old password has to be the stored one, and one has to be stored', async () => {
  await world.changeAdapter('Mainframe', { verifyOldPassword: true });
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1', 'Alt-1')).toMatchObject({ event: 10677 });
  await world.changeAdapter('Mainframe', { verifyOldPassword: false });
  await world.report('Mainframe', 'JDOE1', 'Alt-1');
  await world.changeAdapter('Mainframe', { verifyOldPassword: true });
  await world.sso.clock.move(1000);
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1', 'Falsch')).toMatchObject({ event: 10678 });
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1', 'Alt-1')).toMatchObject({ accepted: true });
});

test('an older report does not take the place of a newer password', async () => {
  const now = world.sso.clock.now();
  await world.report('Mainframe', 'JDOE1', 'Neu-2', undefined, now);
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1', undefined, now - 1000)).toMatchObject({
    accepted: false,
  });
  expect(world.events()).toContain(10816);
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Neu-2');
});

test('without a stored Windows password Windows is left alone', async () => {
  await world.changeAdapter('Mainframe', { changeWindowsPassword: true });
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10736, 10668]);
});

test('a wrong stored Windows password is removed after one try', async () => {
  await prepareFullSync();
  world.windows.passwords.set(jdoe, 'Changed-elsewhere');
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10736, 10669, 11023]);
  expect(await world.stored('Payroll', 'JDOE1', 'windows')).toBeUndefined();
});

test('a password that Windows refuses stays in the database alone, and its echo would be no echo', async () => {
  await prepareFullSync();
  world.windows.failure = new PasswordFailure('new-password-violate-policy', 'Too short');
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10736, 10669]);
  await world.windowsChange(jdoe, 'Neu-1');
  expect(world.events()).not.toContain(10667);
});

test('while Active Directory is away the report has to come again, and is then carried out', async () => {
  await prepareFullSync();
  world.windows.failure = new PasswordFailure('server-down', 'Nobody answers');
  await expect(world.report('Mainframe', 'JDOE1', 'Neu-1')).rejects.toMatchObject({ code: 'unavailable' });
  world.windows.failure = undefined;
  await world.changeAdapter('Mainframe', { verifyOldPassword: true });
  await world.report('Mainframe', 'JDOE1', 'Neu-1', 'Geheim-1');
  expect(world.windows.passwords.get(jdoe)).toBe('Neu-1');
});

test('one external account with two Windows accounts is a conflict', async () => {
  await world.addApplication({ name: 'Ledger', adapter: 'Mainframe' });
  await world.map('Ledger', mary, 'JDOE1');
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ accepted: false, event: 10674 });
  await world.changeAdapter('Mainframe', { allowMappingConflicts: true });
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toContain(10673);
});

test('an external account whose Windows account has another one on the adapter is a conflict', async () => {
  await world.addApplication({ name: 'Ledger', adapter: 'Mainframe' });
  await world.map('Ledger', jdoe, 'JDOE2');
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ accepted: false, event: 11022 });
  await world.changeAdapter('Mainframe', { allowMappingConflicts: true });
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toContain(11021);
});

test('an older password that the adapter set after a newer one came is set right again', async () => {
  await world.windowsChange(jdoe, 'Alt-1');
  const adapter = await world.sso.ports.database.adapters.find('Mainframe');
  if (adapter === undefined) throw new Error('No adapter');
  const handedOut = await world.synchronization.desk.take(adapter);
  handedOut?.password.wipe();
  await world.sso.clock.move(1000);
  await world.report('Mainframe', 'JDOE1', 'Neu-2');
  const success = { errorCode: 0, errorMessage: '', isTemporary: false };
  await world.synchronization.desk.confirm(adapter, handedOut?.notification.id ?? -1, success);
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Neu-2');
  expect(await world.deliver('Mainframe')).toEqual(['JDOE1 Neu-2']);
});
