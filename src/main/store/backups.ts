import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { AppError } from '#shared/model/app-error.ts';

import type { Database } from './database.ts';
import { heldError } from './database-file.ts';
import { isBusy } from './store-error.ts';

export interface Backup {
  readonly file: string;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

/** The backups of a database, oldest first. They lie in `backups` beside it. */
export function backupsOf(path: string): readonly Backup[] {
  const directory = directoryOf(path);
  if (!existsSync(directory)) return [];
  const prefix = `${basename(path)}.`;
  return readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && /\.\d{8}T\d{6}Z$/.test(name))
    .sort()
    .map((name) => ({ file: join(directory, name), at: parseStamp(name.slice(-16)) }));
}

/** Writes a backup of the running database and drops the oldest beyond `keep`. */
export async function makeBackup(database: Database, now: number, keep: number): Promise<Backup> {
  mkdirSync(directoryOf(database.path), { recursive: true, mode: 0o700 });
  const file = join(directoryOf(database.path), `${basename(database.path)}.${stampOf(now)}`);
  const unfinished = `${file}.part`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, 'wx', 0o600));
  try {
    await database.copyTo(unfinished);
    assertWhole(unfinished);
    placeDurably(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  for (const old of backupsOf(database.path).slice(0, -keep)) rmSync(old.file);
  return { file, at: now };
}

export interface RestoreOptions {
  /** The backup to put back; the newest where absent. */
  readonly from?: string | undefined;
  /** Works on the copy before it takes the database's place. */
  readonly prepare?: (copy: DatabaseSync) => void;
}

export interface RestoredBackup {
  /** The backup that was put back; undefined where there was none and the database starts empty. */
  readonly from: string | undefined;
  /** Where the replaced files lie now. */
  readonly kept: string;
}

/**
 * Puts a backup in the database's place; what lay there is kept beside it.
 * Throws `AppError` `conflict` while a process has the database open, `damaged` for a backup that is not whole.
 */
export function restoreBackup(path: string, now: number, options: RestoreOptions = {}): RestoredBackup {
  assertFree(path);
  const source = options.from ?? backupsOf(path).at(-1)?.file;
  const unfinished = `${path}.part`;
  if (source !== undefined) {
    assertWhole(source);
    copyFileSync(source, unfinished);
    chmodSync(unfinished, 0o600);
    using copy = new DatabaseSync(unfinished);
    options.prepare?.(copy);
  }
  const kept = `${path}.damaged-${stampOf(now)}`;
  // The log goes first: a crash in between must not leave an old log beside a restored file.
  for (const part of ['-wal', '-shm', '']) {
    if (existsSync(path + part)) renameSync(path + part, kept + part);
  }
  if (source !== undefined) placeDurably(unfinished, path);
  return { from: source, kept };
}

function assertFree(path: string): void {
  if (!existsSync(path)) return;
  // Read-only, so that closing does not write the log of a damaged database into it.
  using probe = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    probe.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    if (isBusy(error)) throw heldError(path, error);
  }
}

function assertWhole(file: string): void {
  let verdict: unknown;
  let cause: unknown;
  try {
    // Immutable: nobody writes to it, and so no log is made beside it.
    const address = pathToFileURL(file);
    address.searchParams.set('immutable', '1');
    using connection = new DatabaseSync(address, { readOnly: true });
    verdict = connection.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
  } catch (error) {
    cause = error;
  }
  if (verdict === 'ok') return;
  throw new AppError('damaged', `The backup ${file} does not hold together`, {
    fix: 'Choose an older backup.',
    cause,
  });
}

/** Renames a finished file to its name, both on disk when this returns. */
function placeDurably(unfinished: string, file: string): void {
  syncPath(unfinished);
  renameSync(unfinished, file);
  if (process.platform !== 'win32') syncPath(dirname(file));
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function directoryOf(path: string): string {
  return join(dirname(path), 'backups');
}

/** `20260131T235959Z`: sorts by age and is safe in a file name. */
function stampOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function parseStamp(stamp: string): number {
  const [, year, month, day, hour, minute, second] =
    stamp.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
