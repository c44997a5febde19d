import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { createKey, keyLength } from './authenticated-cipher.ts';
import type { KeptKey, KeyKeeper } from './key-keeper.ts';

const service = 'Carillon';

/** What of keytar is used. It is an optional dependency: a machine without a keychain runs without it. */
interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
}

/**
 * Keeps the key in the operating system's keychain. keytar takes strings only, so the key, and nothing but the key,
 * is a string on its way there and back.
 */
export class KeychainKeeper implements KeyKeeper {
  readonly kind = 'keychain';
  readonly place = "the operating system's keychain";

  async create(): Promise<KeptKey> {
    const keychain = loadKeychain();
    const account = `vault ${randomUUID()}`;
    const key = createKey();
    await ask(() => keychain.setPassword(service, account, toBase64(key.bytes)));
    key.wipe();
    const note = new TextEncoder().encode(account);
    // Read back: what the vault rests on must really be there.
    return { note, key: await this.read(note) };
  }

  async read(note: Uint8Array): Promise<SecretBytes> {
    const keychain = loadKeychain();
    const account = new TextDecoder().decode(note);
    const text = await ask(() => keychain.getPassword(service, account));
    if (text === null) {
      throw new AppError(
        'unavailable',
        `The keychain holds no "${service}" entry "${account}", or it is locked`,
        {
          fix: 'Unlock the keychain of the account that the service runs as, then start again.',
        },
      );
    }
    const key = SecretBytes.take(Buffer.from(text, 'base64'));
    if (key.length === keyLength) return key;
    key.wipe();
    throw new AppError('damaged', `The keychain's "${service}" entry "${account}" is not a key`, {
      fix: 'Restore the keys from their backup: "carillon keys restore".',
    });
  }
}

function loadKeychain(): Keychain {
  try {
    // Not an import: the types check where the module is missing too.
    return createRequire(import.meta.url)('keytar') as Keychain;
  } catch (error) {
    throw new AppError('unavailable', 'The keychain binding (keytar) is not built on this machine', {
      fix:
        'Install libsecret (Debian: libsecret-1-0, and libsecret-1-dev to build), run "npm ci" again, ' +
        'or set keyKeeper to "key-file", which needs nothing.',
      cause: error,
    });
  }
}

async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw new AppError('unavailable', `The keychain does not answer: ${messageOf(error)}`, {
      fix: 'A service without a desktop session has no keychain as a rule: set keyKeeper to "key-file".',
      cause: error,
    });
  }
}

function toBase64(bytes: Uint8Array<ArrayBuffer>): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
