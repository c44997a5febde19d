import { readFileSync, statSync } from 'node:fs';

import { AppError } from '#shared/model/app-error.ts';

const longest = 16 * 1024 * 1024;

/** The text of a file that a tool is given, in UTF-8 or in UTF-16 with its byte order mark. */
export function readToolFile(path: string): string {
  let bytes: Buffer;
  try {
    if (statSync(path).size > longest)
      throw new AppError('invalid_input', `The file ${path} is longer than ${longest} bytes`);
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('not_found', `The file ${path} cannot be read`, { cause });
  }
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid_input', `The file ${path} is not text in UTF-8 or UTF-16`, { cause });
  }
}
