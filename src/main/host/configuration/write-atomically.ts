import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

/**
 * Replaces a file so that after any crash there is the old or the new content, whole. Throws `AppError` `unavailable`
 * where the file cannot be written; the old one then stands.
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explain(error, path);
  }
  // Windows has no handle for a folder; NTFS journals the rename itself.
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function explain(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code === undefined) return cause;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('unavailable', `The disk that holds ${path} is full, so nothing was changed`, {
      fix: 'Free space there, and do it again.',
      cause,
    });
  return new AppError('unavailable', `${path} cannot be written (${code}), so nothing was changed`, {
    fix: 'Check its folder: the rights of the service there, and the disk.',
    cause,
  });
}
