import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { AppError } from '#shared/model/app-error.ts';

/**
 * Holds a data directory for one service. An SQLite write lock, because Node offers no flock: the operating system
 * releases it with the process, however that ends. Throws `AppError` `conflict` with the holder's process number.
 */
export function lockInstance(dataDirectory: string): () => void {
  const file = join(dataDirectory, 'instance.lock');
  const holder = join(dataDirectory, 'instance.pid');
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const pid = readHolder(holder);
    throw new AppError('conflict', `Another service${pid} runs in ${dataDirectory}`, {
      cause,
      fix: 'Use it with "carillon status", stop it, or choose another --data directory.',
    });
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return () => database.close();
}

function readHolder(path: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(path, 'utf8'), 10)})`;
  } catch {
    return '';
  }
}
