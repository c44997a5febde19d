import type { Seal, SealContext } from '#engine/seal.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** Where sealed credentials lie. A promise resolves when the write is on disk. */
export interface CredentialRows {
  findCredential(name: string): Uint8Array | undefined;
  saveCredential(name: string, sealed: Uint8Array): Promise<void>;
  /** Resolves to false where there was none. */
  deleteCredential(name: string): Promise<boolean>;
}

/** The agents' own passwords and other small secrets, sealed in the store under a name. */
export class CredentialStore {
  readonly #rows: CredentialRows;
  readonly #seal: Seal;

  constructor(rows: CredentialRows, seal: Seal) {
    this.#rows = rows;
    this.#seal = seal;
  }

  has(name: string): boolean {
    return this.#rows.findCredential(name) !== undefined;
  }

  /** The secret, which the caller wipes; undefined where none was set. */
  get(name: string): SecretBytes | undefined {
    const sealed = this.#rows.findCredential(name);
    return sealed === undefined ? undefined : this.#seal.open(sealed, credentialContext(name));
  }

  /** Seals a copy of `secret`, which stays the caller's. */
  async set(name: string, secret: SecretBytes): Promise<void> {
    await this.#rows.saveCredential(name, this.#seal.seal(secret, credentialContext(name)));
  }

  delete(name: string): Promise<boolean> {
    return this.#rows.deleteCredential(name);
  }
}

/** What a credential's seal covers: its name, so that one cannot pass for another. */
export function credentialContext(name: string): SealContext {
  return { trackingId: 'credential', account: name, target: '', sequence: 0 };
}
