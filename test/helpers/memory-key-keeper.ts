import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { KeeperKind, KeptKey, KeyKeeper } from '#vault/key-keeper.ts';

/** A keeper that holds 32 bytes of one value. */
export class MemoryKeyKeeper implements KeyKeeper {
  readonly kind: KeeperKind;
  readonly place = 'memory';
  readonly #value: number;

  constructor(value = 1, kind: KeeperKind = 'key-file') {
    this.#value = value;
    this.kind = kind;
  }

  async create(): Promise<KeptKey> {
    return { key: await this.read(), note: new Uint8Array() };
  }

  read(): Promise<SecretBytes> {
    return Promise.resolve(SecretBytes.take(new Uint8Array(32).fill(this.#value)));
  }
}
