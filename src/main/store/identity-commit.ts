import type { Commits } from '#identity/commit.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import { AppError } from '#shared/model/app-error.ts';

import type { Database } from './database.ts';
import { sqliteCode } from './store-error.ts';

/** SQLITE_FULL. */
const full = 13;

/** The database's commits for runs, whose history has a result word of its own for a full disk. */
export function identityCommits(database: Database): Commits {
  return {
    commit: (work) => explained(database.commit(work)),
    repeatable: (work) => explained(database.commitRepeatable(work)),
  };
}

async function explained<T>(written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (error) {
    if (!(error instanceof AppError) || sqliteCode(error.cause) !== full) throw error;
    throw new ImportFailure('stopped-database-disk-full', 'staging-error', error.message, {
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      cause: error,
    });
  }
}
