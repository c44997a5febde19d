import { CommanderError } from 'commander';

import { AppError, type AppErrorCode } from '#shared/model/app-error.ts';

/** What the process says to its caller; documented in `carillon help` and docs/command-line.md. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  notFound: 5,
  conflict: 6,
  cancelled: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [0, 'done'],
  [1, 'failed: the operation, a check or a test'],
  [2, 'wrong use of the command line, or a value that the service refuses'],
  [3, 'no service reachable'],
  [4, 'refused: the role of the caller, or the rights of a file'],
  [5, 'no such agent, change, delivery, event or file'],
  [6, 'conflict: another change came first, or another service runs'],
  [130, 'interrupted'],
];

const codes: Readonly<Record<AppErrorCode, ExitCode>> = {
  invalid_input: exitCodes.usage,
  invalid_configuration: exitCodes.failed,
  not_found: exitCodes.notFound,
  conflict: exitCodes.conflict,
  forbidden: exitCodes.refused,
  unknown_method: exitCodes.failed,
  unavailable: exitCodes.unreachable,
  cancelled: exitCodes.cancelled,
  damaged: exitCodes.failed,
  internal: exitCodes.failed,
};

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof AppError) return codes[error.code];
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  return exitCodes.failed;
}
