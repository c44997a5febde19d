import { type Backup, backupsOf } from '#store/backups.ts';
import { type RestoredStore, restoreStore } from '#store/restore-store.ts';

import { dataFiles } from './data-files.ts';

/** The delivery waits for an administrator since its store was restored. */
const restoredEvent = 7050;

export function listBackups(dataDirectory: string): readonly Backup[] {
  return backupsOf(dataFiles(dataDirectory).database);
}

/** Puts a backup, or the newest one, in place of a stopped service's store. */
export function restoreDatabase(dataDirectory: string, from: string | undefined): RestoredStore {
  return restoreStore(dataFiles(dataDirectory).database, Date.now(), restoredEvent, from);
}
