import type { Commit } from '#identity/commit.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import { AppError } from '#shared/model/app-error.ts';

import type { Database } from './database.ts';
import { sqliteCode } from './store-error.ts';

/** SQLITE_FULL. */
const full = 13;

/** The database's commit for runs, whose history has a result word of its own for a full disk. */
export function identityCommit(database: Database): Commit {
  return async (work) => {
    try {
      return await database.commit(work);
    } catch (error) {
      if (!(error instanceof AppError) || sqliteCode(error.cause) !== full) throw error;
      throw new ImportFailure('stopped-database-disk-full', 'staging-error', error.message, {
        ...(error.fix === undefined ? {} : { fix: error.fix }),
        cause: error,
      });
    }
  };
}
