import { randomFillSync, scrypt } from 'node:crypto';

import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { keyLength } from './authenticated-cipher.ts';

export const shortestPassphrase = 12;
export const longestPassphrase = 1024;

/** Note: format 1 | log2 of N | r | p | salt. The costs travel with it, so that they can grow. */
const format = 1;
const saltLength = 32;
const headerLength = 4;
/** 128 MiB and about half a second, once at start. */
const cost = { logN: 17, r: 8, p: 1 };
const largestMemory = 1024 * 1024 * 1024;

export function createPassphraseNote(): Uint8Array<ArrayBuffer> {
  const note = new Uint8Array(headerLength + saltLength);
  note.set([format, cost.logN, cost.r, cost.p]);
  randomFillSync(note, headerLength);
  return note;
}

/** The key that a passphrase of at least `shortest` bytes stands for, by scrypt (RFC 7914), off the event loop. */
export async function derivePassphraseKey(
  passphrase: SecretBytes,
  note: Uint8Array,
  shortest = shortestPassphrase,
): Promise<SecretBytes> {
  if (passphrase.length < shortest) {
    throw new AppError('invalid_input', `The passphrase is shorter than ${shortest} bytes`, {
      fix: 'Use several words.',
    });
  }
  const { logN, r, p, salt } = parseNote(note);
  const key = await new Promise<Buffer>((resolve, reject) => {
    const options = { N: 2 ** logN, r, p, maxmem: largestMemory };
    scrypt(passphrase.bytes, salt, keyLength, options, (error, derived) => {
      if (error === null) resolve(derived);
      else reject(error);
    });
  });
  return SecretBytes.take(key);
}

function parseNote(note: Uint8Array): { logN: number; r: number; p: number; salt: Uint8Array } {
  const [version, logN = 0, r = 0, p = 0] = note;
  const sane =
    version === format &&
    note.length === headerLength + saltLength &&
    logN >= 14 &&
    r >= 1 &&
    p >= 1 &&
    p <= 16 &&
    128 * 2 ** logN * r < largestMemory / 2;
  if (!sane) throw new AppError('damaged', 'The passphrase note of the vault is not one');
  return { logN, r, p, salt: note.subarray(headerLength) };
}
