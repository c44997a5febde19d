import { readFileSync, writeFileSync } from 'node:fs';

import { AppError, type AppErrorCode } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';

/** Why a file cannot be had, in words that name no system call. */
const reasons: Readonly<Record<string, readonly [code: AppErrorCode, reason: string]>> = {
  ENOENT: ['not_found', 'there is no such file or folder'],
  ENOTDIR: ['not_found', 'a part of its path is no folder'],
  EISDIR: ['invalid_input', 'it is a folder'],
  EACCES: ['forbidden', 'you have no right to'],
  EPERM: ['forbidden', 'you have no right to'],
  EROFS: ['forbidden', 'the disk is mounted to be read only'],
  ENOSPC: ['internal', 'the disk is full'],
  EDQUOT: ['internal', 'the disk is full'],
};

/** Reads a file that the command line names; `-` is standard input. Throws `AppError`, with `fix`. */
export function readText(file: string, fix?: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw explain(`${file} cannot be read`, cause, fix);
  }
}

/** Writes a file for its owner alone. Throws `AppError`. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (cause) {
    throw explain(`${file} cannot be written`, cause);
  }
}

function explain(what: string, cause: unknown, fix?: string): AppError {
  const system = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [code, reason] = reasons[system] ?? ['internal', messageOf(cause)];
  return new AppError(code, `${what}: ${reason}`, { cause, ...(fix === undefined ? {} : { fix }) });
}
