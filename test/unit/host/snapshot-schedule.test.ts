import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { ConfigurationJournal } from '#host/snapshots/configuration-journal.ts';
import { SnapshotDesk } from '#host/snapshots/snapshot-desk.ts';
import { SnapshotSchedule } from '#host/snapshots/snapshot-schedule.ts';
import { ConfigurationHistory } from '#store/configuration-history.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { ManualClock } from '#test/engine-clock.ts';

const hour = 3_600_000;
let folder: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-schedule-'));
  database = openDatabase(join(folder, 'store', 'carillon.db'), storeMigrations);
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function open(keep: number) {
  const path = join(folder, 'carillon.json');
  const directory = join(folder, 'snapshots');
  const snapshots = { keepDays: 2, schedule: { directory, everyHours: 24, keep } };
  writeFileSync(path, JSON.stringify({ version: 1, snapshots }));
  const clock = new ManualClock();
  const file = ConfigurationFile.open(path);
  const history = new ConfigurationHistory(database);
  const common = { file, history, secrets: async () => ({}), now: () => clock.now() };
  const failures: unknown[] = [];
  const report = (error: unknown): unknown => failures.push(error);
  const desk = new SnapshotDesk({ ...common, sections: async () => undefined, checkSections: () => [] });
  const journal = new ConfigurationJournal({
    ...common,
    sections: async () => undefined,
    changed: () => undefined,
    report,
  });
  const schedule = new SnapshotSchedule({ file, desk, journal, clock, report });
  return { clock, directory, failures, file, history, journal, schedule };
}

test('a file is written at each turn of the schedule where the configuration is another one', async () => {
  const { clock, directory, failures, file, journal, schedule } = open(2);
  await journal.start();
  const levels = () =>
    readdirSync(directory)
      .sort()
      .map((name) => {
        const { body } = parseSnapshot(readFileSync(join(directory, name), 'utf8'));
        return body.configuration['logLevel'];
      });
  await schedule.tend();
  expect(levels()).toEqual([1]);
  file.edit(['logLevel'], 2);
  await clock.move(23 * hour);
  await schedule.tend();
  expect(levels()).toEqual([1]);
  await clock.move(hour);
  await schedule.tend();
  expect(levels()).toEqual([1, 2]);
  await clock.move(24 * hour);
  await schedule.tend();
  expect(levels()).toEqual([1, 2]);
  file.edit(['logLevel'], 3);
  await clock.move(24 * hour);
  await schedule.tend();
  expect(levels()).toEqual([2, 3]);
  await journal.settled();
  expect(failures).toEqual([]);
});

test('the schedule runs by itself, and the history ends where the configuration says', async () => {
  const { clock, directory, file, history, journal, schedule } = open(5);
  await journal.start();
  file.edit(['logLevel'], 2);
  await journal.settled();
  schedule.start();
  await clock.move(hour / 60);
  await expect.poll(() => readdirSync(folder).includes('snapshots') && readdirSync(directory).length).toBe(1);
  schedule.stop();
  await clock.move(3 * 24 * hour);
  expect(history.list(10).length).toBe(2);
  await schedule.tend();
  expect(history.list(10).map(({ kind }) => kind)).toEqual(['change']);
  expect(readdirSync(directory).length).toBe(1);
});

test('a schedule that is set while the service runs has its first file a minute later', async () => {
  const { clock, directory, file, failures, schedule } = open(5);
  schedule.start();
  await clock.move(hour / 60);
  await expect.poll(() => readdirSync(folder).includes('snapshots') && readdirSync(directory).length).toBe(1);
  const other = join(folder, 'elsewhere');
  file.edit(['snapshots', 'schedule', 'directory'], other);
  await clock.move(hour / 60);
  await expect.poll(() => readdirSync(folder).includes('elsewhere') && readdirSync(other).length).toBe(1);
  schedule.stop();
  expect(failures).toEqual([]);
});
