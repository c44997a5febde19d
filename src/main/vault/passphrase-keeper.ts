import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { KeptKey, KeyKeeper } from './key-keeper.ts';
import { createPassphraseNote, derivePassphraseKey, longestPassphrase } from './passphrase-key.ts';
import { readPrivateFile } from './private-file.ts';

/** Derives the key from a passphrase that an administrator hands over at start, in a file or a named pipe. */
export class PassphraseKeeper implements KeyKeeper {
  readonly kind = 'passphrase';
  readonly place: string;

  constructor(path: string) {
    this.place = path;
  }

  async create(): Promise<KeptKey> {
    const note = createPassphraseNote();
    return { note, key: await this.read(note) };
  }

  async read(note: Uint8Array): Promise<SecretBytes> {
    using passphrase = await this.#readPassphrase();
    return await derivePassphraseKey(passphrase, note);
  }

  async #readPassphrase(): Promise<SecretBytes> {
    using content = await readPrivateFile(this.place, longestPassphrase + 2);
    if (content === undefined) {
      throw new AppError('unavailable', `The passphrase file ${this.place} is missing`, {
        fix: `Write the passphrase into ${this.place} (mode 600) or make it a named pipe and write into that.`,
      });
    }
    return SecretBytes.copy(withoutLineEnd(content.bytes));
  }
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0a) end -= 1;
  if (end > 0 && bytes[end - 1] === 0x0d) end -= 1;
  return bytes.subarray(0, end);
}
