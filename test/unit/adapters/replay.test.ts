import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ReplayFiles } from '#adapters/replay/replay-files.ts';
import { writeProgress } from '#adapters/replay/replay-format.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Synchronization } from '#sso/synchronization/create-synchronization.ts';
import type { ExternalOutcome } from '#sso/synchronization/external-change.ts';
import { PlaceSeal } from '#test/place-seal.ts';
import { openSyncWorld, type SyncWorld, secretOf } from '#test/sync-world.ts';

let world: SyncWorld;
let directory: string;
let files: ReplayFiles;
let isAway: boolean;

beforeEach(async () => {
  world = await openSyncWorld();
  await world.addAdapter({ name: 'Mainframe', verifyOldPassword: false, storeNotifications: true });
  await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
  for (const number of [1, 2, 3]) {
    await world.addApplication({ name: `App${number}`, adapter: 'Mainframe' });
    await world.map(`App${number}`, `FABRIKAM\\${['jdoe', 'mary', 'jdoe'][number - 1]}`, `USER${number}`);
  }
  await world.changeAdapter('Mainframe', { allowMappingConflicts: true });
  directory = join(mkdtempSync(join(tmpdir(), 'carillon-replay-')), 'replay');
  isAway = true;
  files = open();
  await files.start();
});
afterEach(async () => {
  await files.stop();
  await world[Symbol.asyncDispose]();
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

/** The files over a database that is away as long as the test says so. */
function open(): ReplayFiles {
  const { synchronization } = world;
  const { database } = synchronization.ports;
  const list = () =>
    isAway ? Promise.reject(new AppError('unavailable', 'The database is away')) : database.adapters.list();
  const adapters = { list, find: (name: string) => database.adapters.find(name) };
  const ports = {
    ...synchronization.ports,
    database: { ...database, adapters },
    notificationSeal: new PlaceSeal(),
  };
  const external = {
    receive: (...args: Parameters<Synchronization['external']['receive']>) =>
      isAway
        ? Promise.reject(new AppError('unavailable', 'The database is away'))
        : synchronization.external.receive(...args),
  };
  return new ReplayFiles(
    directory,
    { ...synchronization, ports, external } as unknown as Synchronization,
    ports.notificationSeal,
  );
}

async function store(externalUser: string, text: string): Promise<ExternalOutcome | undefined> {
  const adapter = await world.sso.ports.database.adapters.find('Mainframe');
  if (adapter === undefined) throw new Error('No adapter');
  using password = secretOf(text);
  const change = { trackingId: crypto.randomUUID(), externalUser, changedAt: 0, caller: 'adapter' };
  return await files.store(adapter, change, { password, oldPassword: undefined });
}

function kept(): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.replay'));
}

/** Alters the one file that is there, and takes it up. */
async function replayAltered(alter: (lines: string[], path: string) => void): Promise<readonly number[]> {
  await store('USER1', 'Neu-1');
  await store('USER2', 'Neu-2');
  await files.stop();
  const path = join(directory, kept()[0] ?? '');
  const lines = readFileSync(path, 'utf8').split('\n');
  alter(lines, path);
  isAway = false;
  world.events();
  files = open();
  await files.start();
  return world.events();
}

test('what comes while the database is away is kept sealed, and taken up in order when it is back', async () => {
  expect(await store('USER1', 'Geheim-1')).toMatchObject({ accepted: true, event: 10720 });
  await store('USER2', 'Geheim-2');
  expect(world.events()).toEqual([10716, 10719, 10720, 10720]);
  const text = kept()
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('');
  expect(text).not.toMatch(/Geheim|R2VoZWlt/);
  isAway = false;
  await world.sso.clock.move(10_000);
  await files.replay();
  expect(await world.stored('App1', 'USER1')).toBe('Geheim-1');
  expect(await world.stored('App2', 'USER2')).toBe('Geheim-2');
  expect(world.events()).toEqual([10686, 10699, 11021, 10736, 10729, 10699, 10736, 10729, 10687, 10698]);
  expect(readdirSync(directory)).toEqual([]);
});

test('an adapter without Store Notifications keeps nothing', async () => {
  await world.changeAdapter('Mainframe', { storeNotifications: false });
  expect(await store('USER1', 'Geheim-1')).toBeUndefined();
  expect(kept()).toEqual([]);
});

test('a replay goes on where it ended, and no record is taken up twice', async () => {
  const events = await replayAltered((_, path) => {
    const progress = writeProgress(basename(path), 1, new PlaceSeal());
    writeFileSync(`${path}.progress`, progress, { mode: 0o600 });
  });
  expect(events).toEqual([10730, 10686, 10699, 10736, 10729, 10687, 10698]);
  expect(await world.stored('App1', 'USER1')).toBeUndefined();
  expect(await world.stored('App2', 'USER2')).toBe('Neu-2');
});

test('progress beyond the end of its file is not believed', async () => {
  const events = await replayAltered((_, path) => {
    const progress = writeProgress(basename(path), 3, new PlaceSeal());
    writeFileSync(`${path}.progress`, progress, { mode: 0o600 });
  });
  expect(events).toEqual([10697, 10743, 10741]);
});

test('while the database is away still the files stay', async () => {
  await store('USER1', 'Geheim-1');
  await files.replay();
  expect(kept()).toHaveLength(1);
});

test('a file that is idle is closed, and one that is too old is deleted unread', async () => {
  await store('USER1', 'Geheim-1');
  world.events();
  await world.sso.clock.move(5 * 60_000);
  await vi.waitFor(() => expect(world.sso.entries.at(-1)?.event).toBe(10722), 10_000);
  await files.stop();
  world.events();
  files = open();
  await world.sso.clock.move(25 * 3_600_000);
  isAway = false;
  await files.start();
  expect(world.events()).toEqual([10683, 10698]);
  expect(await world.stored('App1', 'USER1')).toBeUndefined();
});

test('an adapter that was disabled meanwhile has no access any more', async () => {
  await store('USER1', 'Geheim-1');
  await world.changeAdapter('Mainframe', { enabled: false });
  isAway = false;
  world.events();
  await files.replay();
  expect(world.events()).toContain(10692);
  expect(await world.stored('App1', 'USER1')).toBeUndefined();
});

test('a change that the rules refuse is told and passed over', async () => {
  await store('NOBODY', 'Geheim-1');
  isAway = false;
  await files.replay();
  expect(world.events()).toEqual(expect.arrayContaining([10805, 10727, 10698]));
});

test('a folder among the files is told', async () => {
  mkdirSync(join(directory, 'other'));
  isAway = false;
  await files.replay();
  expect(world.events()).toContain(10682);
});

test('a file that is full is closed, and the next change begins another one', async () => {
  const long = 'x'.repeat(4096);
  while (!world.events().includes(10721)) await store('USER1', long);
  await store('USER1', 'Geheim-1');
  expect(kept()).toHaveLength(2);
});

test('without a folder nothing is kept, and the adapter has to report again', async () => {
  await files.stop();
  rmSync(directory, { recursive: true });
  writeFileSync(directory, '');
  expect(await store('USER1', 'Geheim-1')).toBeUndefined();
  files = open();
  expect(await store('USER1', 'Geheim-1')).toBeUndefined();
  expect(world.events()).toContain(10693);
  rmSync(directory);
  writeFileSync(join(directory, '..', 'taken'), '');
  directory = join(directory, '..', 'taken', 'replay');
  files = open();
  await files.start();
  expect(world.events()).toContain(10717);
});

const rewrite = (path: string, lines: readonly string[]): void => writeFileSync(path, lines.join('\n'));
const edit = (line: string | undefined, change: object): string =>
  JSON.stringify({ ...(JSON.parse(line ?? '{}') as object), ...change });

test.each([
  [
    'something that is no record',
    10688,
    (lines, path) => rewrite(path, [lines[0] ?? '', 'x', ...lines.slice(2)]),
  ],
  [
    'a record of another version',
    10689,
    (lines, path) => rewrite(path, [lines[0] ?? '', edit(lines[1], { version: 9 }), '']),
  ],
  ['a record that is missing', 10690, (lines, path) => rewrite(path, [lines[0] ?? '', lines[2] ?? '', ''])],
  [
    'a record for another account',
    10726,
    (lines, path) => rewrite(path, [lines[0] ?? '', edit(lines[1], { externalUser: 'USER3' }), '']),
  ],
  [
    'a file of another version',
    10694,
    (lines, path) => rewrite(path, [edit(lines[0], { version: 9 }), ...lines.slice(1)]),
  ],
  [
    'another adapter in the header',
    10718,
    (lines, path) => rewrite(path, [edit(lines[0], { adapter: 'Shop' }), ...lines.slice(1)]),
  ],
  ['another name', 10695, (_, path) => renameSync(path, path.replace(/.{6}\.replay$/, 'abcdef.replay'))],
  [
    'a folder in the place of its progress',
    10685,
    (_, path) => mkdirSync(`${path}.progress`, { mode: 0o700 }),
  ],
  ['other rights', 10724, (_, path) => chmodSync(path, 0o644)],
  [
    'progress that is no progress',
    10688,
    (_, path) => writeFileSync(`${path}.progress`, 'x', { mode: 0o600 }),
  ],
  [
    'progress of another version',
    10696,
    (_, path) => writeFileSync(`${path}.progress`, '{"version":9}', { mode: 0o600 }),
  ],
  [
    'progress that was made up',
    10691,
    (_, path) =>
      writeFileSync(`${path}.progress`, '{"version":1,"record":1,"sealed":"AAAA"}', { mode: 0o600 }),
  ],
] as readonly [string, number, (lines: string[], path: string) => void][])(
  'a file with %s is set aside, and nothing behind the damage is believed',
  async (_, event, alter) => {
    const events = await replayAltered(alter);
    expect(events).toEqual(expect.arrayContaining([event, 10743, 10741]));
    expect(readdirSync(directory).some((name) => name.endsWith('.damaged'))).toBe(true);
    expect(await world.stored('App3', 'USER3')).toBeUndefined();
  },
);

// Only root gives files away.
test.runIf(process.getuid?.() === 0).each([
  ['a file', 10723, ''],
  ['a progress file', 10725, '.progress'],
])('%s of another account is set aside', async (_, event, suffix) => {
  const events = await replayAltered((__, path) => {
    writeFileSync(`${path}.progress`, writeProgress(basename(path), 0, new PlaceSeal()), { mode: 0o600 });
    chownSync(`${path}${suffix}`, 1, 1);
  });
  expect(events).toEqual(expect.arrayContaining([event, 10743, 10741]));
  expect(await world.stored('App1', 'USER1')).toBeUndefined();
});
