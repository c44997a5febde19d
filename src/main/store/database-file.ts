import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

const ownerOnly = 0o600;

/** Makes the directory and an empty file that only their owner may read; refuses a directory open to others. */
export function prepareDatabaseFile(path: string): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { mode } = statSync(directory);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new AppError(
      'invalid_configuration',
      `The data directory ${directory} is open to others (mode ${(mode & 0o7777).toString(8)})`,
      { fix: `Give the database a directory of its own with mode 700: chmod 700 ${directory}` },
    );
  }
  try {
    // Only a new file is opened here: closing a second descriptor would drop this process' locks on an old one.
    closeSync(openSync(path, 'wx', ownerOnly));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    chmodSync(path, ownerOnly);
  }
}

/** Name of the note that tells who has the database open; the lock itself is SQLite's. */
function notePath(path: string): string {
  return `${path}.holder`;
}

export function writeHolder(path: string): void {
  try {
    writeFileSync(notePath(path), `${process.pid}\n`, { mode: ownerOnly });
  } catch {
    // A courtesy to whoever is shut out; a full disk must not keep the queue from being opened.
  }
}

export function removeHolder(path: string): void {
  rmSync(notePath(path), { force: true });
}

/** Says which process has the database open. */
export function heldError(path: string, cause: unknown): AppError {
  let holder = 'another process';
  try {
    holder = `process ${readFileSync(notePath(path), 'utf8').trim()}`;
  } catch {
    // The holder is between taking the lock and writing its note.
  }
  return new AppError('conflict', `The database ${path} is in use by ${holder}`, {
    fix: `Stop ${holder} first, or start with another data directory.`,
    cause,
  });
}
