import { AppError, type AppErrorCode } from '../model/app-error.ts';
import type { WireError } from './frame.ts';

const codes: ReadonlySet<string> = new Set<AppErrorCode>([
  'invalid_input',
  'invalid_configuration',
  'not_found',
  'conflict',
  'forbidden',
  'unknown_method',
  'unavailable',
  'cancelled',
  'damaged',
  'internal',
]);

/** What leaves the process: an operator's error as it is, everything else as `internal` without its words. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof AppError) || error.code === 'internal')
    return { code: 'internal', message: 'Internal error', fix: 'Look for it in the log of the service.' };
  const { code, message, fix } = error;
  return fix === undefined ? { code, message } : { code, message, fix };
}

export function fromWireError(error: WireError): AppError {
  const code = isCode(error.code) ? error.code : 'internal';
  return new AppError(code, error.message, error.fix === undefined ? {} : { fix: error.fix });
}

function isCode(code: string): code is AppErrorCode {
  return codes.has(code);
}
