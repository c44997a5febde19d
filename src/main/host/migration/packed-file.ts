import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import { AppError } from '#shared/model/app-error.ts';

const longestFile = 32 * 1024 * 1024;

/** A file as it is sent: packed by gzip. */
export const packFile: (text: string) => Promise<Buffer> = promisify(gzip);

/** What was sent of a file, from base64. Throws `AppError` `invalid_input` where it is not packed, or too long. */
export async function unpackFile(content: string, name: string): Promise<Uint8Array> {
  try {
    const bytes = await promisify(gunzip)(Buffer.from(content, 'base64'), { maxOutputLength: longestFile });
    return new Uint8Array(bytes);
  } catch (cause) {
    const isLong = cause instanceof RangeError;
    throw new AppError(
      'invalid_input',
      isLong ? `${name} is longer than ${longestFile} bytes` : `${name} did not arrive whole`,
      { cause, ...(isLong ? {} : { fix: 'Send it again, packed by gzip.' }) },
    );
  }
}
