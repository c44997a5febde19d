import { afterEach, beforeEach, expect, test } from 'vitest';

import type { CredentialKind } from '#sso/ports.ts';
import { openSyncWorld, type SyncWorld, textOf } from '#test/sync-world.ts';

const jdoe = 'FABRIKAM\\jdoe';
const fields = [{ label: 'User' }, { label: 'Password', synchronized: true }, { label: 'PIN' }];
let world: SyncWorld;

beforeEach(async () => {
  world = await openSyncWorld();
  await world.addAdapter({ name: 'Mainframe', verifyOldPassword: false });
  await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
  await world.addApplication({ name: 'Portal', directPasswordSync: true });
});
afterEach(() => world[Symbol.asyncDispose]());

/** Another server writes the same row each time this one does. */
function loseEveryRace(kind: CredentialKind): void {
  const { database } = world.sso.ports;
  const write = database.writeCredential.bind(database);
  Object.assign(database, {
    writeCredential: async (...args: Parameters<typeof write>) => args[1] !== kind && (await write(...args)),
  });
}

/** What is stored of external accounts no longer opens. */
async function damageStored(): Promise<void> {
  const { database } = world.sso;
  await database.commit(() => database.run('UPDATE sso_credential SET sealed = zeroblob(length(sealed))'));
}

async function prepareFullSync(): Promise<void> {
  await world.changeAdapter('Mainframe', { changeWindowsPassword: true });
  world.windows.passwords.set(jdoe, 'Geheim-1');
  await world.windowsChange(jdoe, 'Geheim-1');
  await world.deliver('Mainframe');
  await world.sso.clock.move(1000);
}

test('a Windows password that cannot be stored is told, and the change goes on', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.changeAdapter('Mainframe', { changeWindowsPassword: true });
  loseEveryRace('windows');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 10733, 10734]);
  expect(await world.deliver('Mainframe')).toEqual(['JDOE1 Geheim-1']);
});

test('a Windows password that was changed and cannot be stored is told', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await prepareFullSync();
  loseEveryRace('windows');
  world.events();
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10736, 10670, 10739]);
});

test('where an account of the change was not updated, Windows is left alone', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.addApplication({
    name: 'Ledger',
    adapter: 'Mainframe',
    fields: [...fields.slice(0, 1), { label: 'A' }, { label: 'B' }],
  });
  await world.map('Ledger', jdoe, 'JDOE1');
  await prepareFullSync();
  world.events();
  expect(await world.report('Mainframe', 'JDOE1', 'Neu-1')).toMatchObject({ accepted: false, event: 10737 });
  expect(world.events()).toEqual(expect.arrayContaining([10736, 10737, 10681]));
  expect(world.windows.passwords.get(jdoe)).toBe('Geheim-1');
});

test('further fields of an application are empty until somebody sets them', async () => {
  await world.addApplication({ name: 'Terminal', adapter: 'Mainframe', fields });
  await world.map('Terminal', jdoe, 'JDOE1');
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10711, 10736]);
});

test('stored credentials that do not open are replaced, and that is told', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.map('Portal', jdoe, 'jdoe');
  await world.report('Mainframe', 'JDOE1', 'Alt-1');
  await world.windowsChange(jdoe, 'Geheim-1');
  await world.deliver('Mainframe');
  await world.sso.clock.move(1000);
  await damageStored();
  world.events();
  await world.report('Mainframe', 'JDOE1', 'Neu-1');
  expect(world.events()).toEqual([10663, 10680, 10736]);
  await world.windowsChange(jdoe, 'Geheim-2');
  expect(world.events()).toEqual(expect.arrayContaining([11056, 11058]));
  expect(await world.stored('Portal', 'jdoe')).toBe('Geheim-2');
});

test('an adapter that wants the old password gets the change without it where the stored one does not open', async () => {
  await world.map('Payroll', jdoe, 'JDOE1');
  await world.report('Mainframe', 'JDOE1', 'Alt-1');
  await world.changeAdapter('Mainframe', { sendOldPassword: true });
  await world.sso.clock.move(1000);
  await world.windowsChange(jdoe, 'Geheim-1');
  await damageStored();
  const adapter = await world.sso.ports.database.adapters.find('Mainframe');
  if (adapter === undefined) throw new Error('No adapter');
  const handedOut = await world.synchronization.desk.take(adapter);
  using password = handedOut?.password;
  expect(password && textOf(password)).toBe('Geheim-1');
  expect(handedOut?.oldPassword).toBeUndefined();
  expect(world.events()).toContain(10680);
});

test('Direct Password Sync that cannot store the password says so', async () => {
  await world.map('Portal', jdoe, 'jdoe');
  loseEveryRace('external');
  await world.windowsChange(jdoe, 'Geheim-1');
  expect(world.events()).toEqual([10662, 11055]);
});

test('the mapping of an account that left stays where it cannot be deleted, and takes no password', async () => {
  await world.map('Payroll', 'FABRIKAM\\mallory', 'MALLORY');
  const { database } = world.sso.ports;
  Object.assign(database, { deleteMappings: () => Promise.reject(new Error('The disk is full')) });
  await world.windowsChange('FABRIKAM\\mallory', 'Geheim-1');
  expect(world.events()).toEqual([10662, 11031, 11019]);
  expect(await world.deliver('Mainframe')).toEqual([]);
});
