import { afterEach, beforeEach, expect, test } from 'vitest';

import { SsoError } from '#sso/sso-error.ts';
import { refused } from '#test/refused.ts';
import { openSyncWorld, type SyncWorld, secretOf } from '#test/sync-world.ts';

const jdoe = 'FABRIKAM\\jdoe';
let world: SyncWorld;

beforeEach(async () => {
  world = await openSyncWorld();
  await world.addAdapter({ name: 'Mainframe' });
  await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
});
afterEach(() => world[Symbol.asyncDispose]());

test('a Windows change reaches the adapter, and the database only after it confirmed', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 10734]);
  expect(await world.stored('Payroll', 'JDOE1')).toBeUndefined();
  expect(await world.deliver('Mainframe')).toEqual(['JDOE1 Geheim-1']);
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Geheim-1');
  expect(world.events()).toEqual([10736]);
});

test('a failure that an adapter reports leaves the database alone', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.windowsChange(jdoe, 'Geheim-1');
  const adapter = await requireAdapter();
  const handedOut = await world.synchronization.desk.take(adapter);
  const id = handedOut?.notification.id ?? -1;
  await world.synchronization.desk.confirm(adapter, id, {
    errorCode: 8,
    errorMessage: 'No',
    isTemporary: false,
  });
  expect(world.events()).toContain(11043);
  expect(await world.stored('Payroll', 'JDOE1')).toBeUndefined();
  expect(await world.synchronization.ports.queue.count('Mainframe')).toBe(0);
});

test('a change that comes twice within ten minutes is taken once, and after ten minutes again', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.windowsChange(jdoe, 'Geheim-1');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 10734, 10662, 10710]);
  await world.sso.clock.move(10 * 60_000);
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 10816, 10734]);
});

test.each([
  ['no mapping', 11030, async (): Promise<unknown> => undefined],
  ['a disabled mapping', 11032, (): Promise<unknown> => world.map('Payroll', jdoe, 'JDOE1', false)],
  [
    'a disabled application',
    11033,
    async (): Promise<void> => {
      await world.addApplication({ name: 'Off', adapter: 'Mainframe', enabled: false });
      await world.map('Off', jdoe, 'JDOE1');
    },
  ],
  [
    'a Host Group application',
    11034,
    async (): Promise<void> => {
      await world.addApplication({
        name: 'Host',
        type: 'host-group',
        windowsAccount: jdoe,
        adapter: 'Mainframe',
      });
      await world.map('Host', jdoe, 'JDOE1');
    },
  ],
  [
    'an application without adapter',
    11035,
    async (): Promise<void> => {
      await world.addApplication({ name: 'Alone' });
      await world.map('Alone', jdoe, 'JDOE1');
    },
  ],
  [
    'an adapter that takes no changes',
    11036,
    async (): Promise<void> => {
      await world.changeAdapter('Mainframe', { sendChanges: false });
      await world.map('Payroll', jdoe, 'JDOE1');
    },
  ],
] as const)('a change for %s is dropped with its event', async (_, event, prepare) => {
  await prepare();
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, event]);
  expect(await world.synchronization.ports.queue.count('Mainframe')).toBe(0);
});

test.each([
  ['from a domain controller where PCNS is not allowed', 11069, 'pcns', { allowPasswordSyncFromPcns: false }],
  ['from the engine where no box is ticked', 11070, 'identity-manager', { allowPasswordSyncFromFim: false }],
] as const)('a change %s is refused', async (_, event, source, server) => {
  world.setServer(server);
  await expect(world.windowsChange(jdoe, 'Geheim-1', { source })).rejects.toMatchObject({
    event,
    code: 'forbidden',
    fix: expect.stringContaining('Password Sync tab'),
  });
});

test('any of the three boxes lets the engine in', async () => {
  world.setServer({ allowPasswordSyncFromFim: false, allowPasswordSyncFromMiis: true });
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.windowsChange(jdoe, 'Geheim-1', { source: 'identity-manager' });
  expect(world.events()).toEqual([11064, 10734]);
});

test('with Windows changes switched off in the system a change is refused', async () => {
  world.setDirections({ fromWindowsToAdapters: false });
  await expect(world.windowsChange(jdoe, 'Geheim-1')).rejects.toMatchObject({ event: 10708 });
});

test('an empty password and a change older than the sync age are dropped', async () => {
  await world.windowsChange(jdoe, '');
  expect(world.events()).toEqual([10662, 11071]);
  await world.windowsChange(jdoe, 'Geheim-1', { changedAt: world.sso.clock.now() - 25 * 3_600_000 });
  expect(world.events()).toEqual([10662, 10712]);
});

test('the mapping of an account that left the application goes with it', async () => {
  await world.map('Payroll', 'FABRIKAM\\mallory', 'MAL');
  await world.windowsChange('FABRIKAM\\mallory', 'Geheim-1');
  expect(world.events()).toEqual([10662, 11031, 11017]);
  expect(await world.sso.ports.database.listMappings({})).toEqual([]);
});

test('a directory that is away costs neither the mapping nor the change', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  world.sso.directory.down = true;
  await expect(world.windowsChange(jdoe, 'Geheim-1')).rejects.not.toBeInstanceOf(SsoError);
  expect(world.events()).toContain(11018);
  world.sso.directory.down = false;
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(await world.deliver('Mainframe')).toEqual(['JDOE1 Geheim-1']);
});

test('a name that is not in NT4 form is refused, where a domain controller sends it', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await expect(world.windowsChange('FABRIKAM\\jdoe@FABRIKAM.LAB', 'Geheim-1')).rejects.toMatchObject({
    event: 10750,
    code: 'invalid_input',
  });
  expect(world.events()).toEqual([10662, 10750]);
});

test('a filter makes the password fit, and a missing one lets nothing out', async () => {
  await world.sso.ports.database.filters.insert([
    {
      name: 'Upper',
      description: '',
      rules: { format: 'upper', remove: '-', substitute: [], padding: 'end' },
    },
  ]);
  await world.addApplication({ name: 'Old', adapter: 'Mainframe', passwordFilter: 'Upper' });
  await world.map('Old', jdoe, 'JDOE2');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(await world.deliver('Mainframe')).toEqual(['JDOE2 GEHEIM1']);
  await world.sso.ports.database.filters.delete('Upper');
  world.events();
  await world.windowsChange(jdoe, 'Geheim-2');
  expect(world.events()).toEqual([10662, 11061]);
});

test('a filter that fails lets nothing out', async () => {
  await world.sso.ports.database.filters.insert([
    {
      name: 'Vowels',
      description: '',
      rules: { format: 'as-is', remove: 'a', substitute: [], padding: 'end' },
    },
  ]);
  await world.addApplication({ name: 'Old', adapter: 'Mainframe', passwordFilter: 'Vowels' });
  await world.map('Old', jdoe, 'JDOE2');
  await world.windowsChange(jdoe, 'aaaa');
  expect(world.events()).toEqual([10662, 11062]);
  expect(await world.deliver('Mainframe')).toEqual([]);
});

test('Direct Password Sync stores the password at once', async () => {
  const fields = [
    { label: 'User ID', masked: false, synchronized: false },
    { label: 'Password', masked: true, synchronized: true },
    { label: 'Terminal', masked: false, synchronized: false },
  ];
  await world.addApplication({ name: 'Portal', directPasswordSync: true, fields });
  await world.map('Portal', jdoe, 'jdoe@portal');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 11057, 11058]);
  expect(await world.stored('Portal', 'jdoe@portal')).toBe('Geheim-1');
});

test('one Windows account with two external accounts on one adapter is a conflict', async () => {
  await world.addApplication({ name: 'Ledger', adapter: 'Mainframe' });
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.map('Ledger', jdoe, 'JDOE2');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 10672]);
  await world.changeAdapter('Mainframe', { allowMappingConflicts: true });
  await world.windowsChange(jdoe, 'Geheim-2');
  expect(world.events()).toEqual([10662, 10671, 10734, 10734]);
});

test('two Windows accounts with one external account are a conflict', async () => {
  await world.addApplication({ name: 'Ledger', adapter: 'Mainframe' });
  await world.map('Payroll', jdoe, 'SHARED');
  await world.map('Ledger', 'FABRIKAM\\mary', 'SHARED');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 10819]);
  await world.changeAdapter('Mainframe', { allowMappingConflicts: true });
  await world.windowsChange(jdoe, 'Geheim-2');
  expect(world.events()).toEqual([10662, 11020, 10734]);
});

test('an adapter gets no ninth change while eight are unconfirmed', async () => {
  for (let index = 0; index < 9; index += 1) {
    await world.addApplication({ name: `App${index}`, adapter: 'Mainframe' });
    await world.map(`App${index}`, jdoe, `JDOE${index}`);
  }
  await world.changeAdapter('Mainframe', { allowMappingConflicts: true });
  await world.windowsChange(jdoe, 'Geheim-1');
  const adapter = await requireAdapter();
  for (let index = 0; index < 8; index += 1)
    (await world.synchronization.desk.take(adapter))?.password.wipe();
  await expect(world.synchronization.desk.take(adapter)).rejects.toEqual(refused(10807));
});

test('a change that is never confirmed is handed out again, and dropped when its retries are used up', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.changeAdapter('Mainframe', { retryCount: 2, retryDelay: 1 });
  await world.windowsChange(jdoe, 'Geheim-1');
  const adapter = await requireAdapter();
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const handedOut = await world.synchronization.desk.take(adapter);
    expect(handedOut?.notification.attempts).toBe(attempt - 1);
    handedOut?.password.wipe();
    expect(await world.synchronization.desk.take(adapter)).toBeUndefined();
    await world.sso.clock.move(60_000);
  }
  world.events();
  expect(await world.synchronization.desk.take(adapter)).toBeUndefined();
  expect(world.events()).toEqual([10714]);
});

test('a confirmation counts once, and one for something that nobody holds is refused', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.windowsChange(jdoe, 'Geheim-1');
  const adapter = await requireAdapter();
  const handedOut = await world.synchronization.desk.take(adapter);
  handedOut?.password.wipe();
  const id = handedOut?.notification.id ?? -1;
  const success = { errorCode: 0, errorMessage: '', isTemporary: false };
  await world.synchronization.desk.confirm(adapter, id, success);
  await expect(world.synchronization.desk.confirm(adapter, id, success)).rejects.toEqual(refused(10817));
  await expect(world.synchronization.desk.confirm(adapter, 999, success)).rejects.toEqual(refused(10817));
});

test('an adapter that wants the old password gets the stored one', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.changeAdapter('Mainframe', { sendOldPassword: true });
  await world.windowsChange(jdoe, 'Geheim-1');
  await world.deliver('Mainframe');
  await world.sso.clock.move(1000);
  await world.windowsChange(jdoe, 'Geheim-2');
  const handedOut = await world.synchronization.desk.take(await requireAdapter());
  using expected = secretOf('Geheim-1');
  expect(handedOut?.oldPassword?.bytes).toEqual(expected.bytes);
});

async function requireAdapter() {
  const adapter = await world.sso.ports.database.adapters.find('Mainframe');
  if (adapter === undefined) throw new Error('No adapter');
  return adapter;
}
