import type { KeyRecord, KeyStore, LockRecord } from './key-store.ts';

/** Keys of another server, held in memory for as long as this process runs. */
export class HeldKeyStore implements KeyStore {
  #lock: LockRecord | undefined;
  #keys: readonly KeyRecord[] = [];

  readLock(): LockRecord | undefined {
    return this.#lock;
  }

  readKeys(): readonly KeyRecord[] {
    return this.#keys;
  }

  replaceAll(lock: LockRecord, keys: readonly KeyRecord[]): Promise<void> {
    this.#lock = lock;
    this.#keys = keys;
    return Promise.resolve();
  }

  saveUses(version: number, uses: number): Promise<void> {
    this.#keys = this.#keys.map((key) => (key.version === version ? { ...key, uses } : key));
    return Promise.resolve();
  }
}
