import { readFileSync, writeFileSync } from 'node:fs';

import { AppError } from '#shared/model/app-error.ts';

/** Reads a file that the command line names; `-` is standard input. Throws `AppError` `not_found`, with `fix`. */
export function readText(file: string, fix?: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    const refused = fix === undefined ? { cause } : { cause, fix };
    throw new AppError('not_found', `${file} cannot be read`, refused);
  }
}

/** Writes a file for its owner alone. Throws `AppError` `forbidden`. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (cause) {
    throw new AppError('forbidden', `${file} cannot be written`, { cause });
  }
}
