import { readFileSync, statSync } from 'node:fs';

import { AppError } from '#shared/model/app-error.ts';

const longest = 16 * 1024 * 1024;

/** What editors of Windows write beside Unicode; browsers and XML tools read the first as the second, too. */
const westernDeclaration = /^<\?xml[^>]{0,100}\bencoding\s*=\s*["'](?:iso-8859-1|windows-1252)["']/i;

/** The text of a file that a tool is given: UTF-8, UTF-16 with its byte order mark, or as an XML declaration says. */
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
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : westernDeclaration.test(bytes.toString('latin1', 0, 200))
          ? 'windows-1252'
          : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid_input', `The file ${path} is not text in UTF-8 or UTF-16`, {
      fix: 'Save it as UTF-8.',
      cause,
    });
  }
}
