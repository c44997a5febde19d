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
    using existing = await this.#tryRead();
    if (existing === undefined) {
      using key = createKey();
      await writePrivateFile(this.place, key.bytes).catch((error: unknown) => {
        // Another process was faster: its key is the key.
        if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      });
    }
    return { key: await this.read(), note: new Uint8Array() };
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
