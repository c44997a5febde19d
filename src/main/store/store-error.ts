import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';

/** Primary SQLite result codes that mean more than "this statement was wrong". */
const busy = 5;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;
const noMemory = 7;

/** The primary result code of an SQLite failure; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** Whether a failure is of the file or the disk, so that nothing in the same transaction can be trusted. */
export function isStorageFailure(error: unknown): boolean {
  const code = sqliteCode(error);
  return (
    code === readOnly ||
    code === ioError ||
    code === corrupt ||
    code === full ||
    code === cannotOpen ||
    code === notADatabase ||
    code === noMemory
  );
}

/** Whether a file's content, not its surroundings, is what SQLite objects to. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === corrupt || code === notADatabase;
}

/** Whether another process holds the file. */
export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === busy;
}

/** Puts a failure of the file or the disk in an operator's words; leaves every other error as it is. */
export function explainStoreError(error: unknown, path: string): unknown {
  if (isDamage(error)) {
    return new AppError('damaged', `The database ${path} is damaged: ${messageOf(error)}`, {
      fix: 'Stop the service and run "carillon store restore".',
      cause: error,
    });
  }
  if (sqliteCode(error) === full) {
    return new AppError('unavailable', `The disk that holds ${path} is full`, {
      fix: `Free space for ${path}. A running service goes on by itself then; one that could not start is started again.`,
      cause: error,
    });
  }
  if (isStorageFailure(error)) {
    return new AppError('unavailable', `The database ${path} cannot be written: ${messageOf(error)}`, {
      fix: `Check the disk, its free space and the permissions of ${path}.`,
      cause: error,
    });
  }
  return error;
}
