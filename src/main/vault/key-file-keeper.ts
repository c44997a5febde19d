import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { createKey, keyLength } from './authenticated-cipher.ts';
import type { KeptKey, KeyKeeper } from './key-keeper.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

/** Keeps the key as 32 bytes in a file that only the service's account may read. */
export class KeyFileKeeper implements KeyKeeper {
  readonly kind = 'key-file';
  readonly place: string;

  constructor(path: string) {
    this.place = path;
  }

  async create(): Promise<KeptKey> {
    const note = new Uint8Array();
    const existing = await this.#tryRead();
    if (existing !== undefined) return { key: existing, note };
    const key = createKey();
    try {
      await writePrivateFile(this.place, key.bytes);
    } catch (error) {
      key.wipe();
      throw new AppError('unavailable', `The key file ${this.place} cannot be written`, {
        fix: `Make its directory writable for the service's account, or name another path in keyKeeper.`,
        cause: error,
      });
    }
    return { key, note };
  }

  async read(): Promise<SecretBytes> {
    const key = await this.#tryRead();
    if (key !== undefined) return key;
    throw new AppError('unavailable', `The key file ${this.place} is missing`, {
      fix: `Put the file back; without it nothing in the vault opens, unless "carillon keys restore" brings the keys back.`,
    });
  }

  async #tryRead(): Promise<SecretBytes | undefined> {
    const key = await readPrivateFile(this.place, keyLength);
    if (key === undefined || key.length === keyLength) return key;
    const { length } = key;
    key.wipe();
    throw new AppError(
      'damaged',
      `The key file ${this.place} holds ${length} bytes instead of ${keyLength}`,
      {
        fix: 'Put the right file back, or restore the keys from their backup: "carillon keys restore".',
      },
    );
  }
}
