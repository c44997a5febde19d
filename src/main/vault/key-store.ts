import type { KeeperKind } from './key-keeper.ts';

/** A vault key as it lies in the store. `root` seals nothing; other keys are derived from it. */
export interface KeyRecord {
  /** 0 for the root, counting up for the others. */
  readonly version: number;
  readonly state: 'root' | 'active' | 'retired';
  readonly wrapped: Uint8Array;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
  readonly retiredAt: number | undefined;
  /** Nonces that may have been used with it, rounded up. */
  readonly uses: number;
}

/** Which keeper holds the key that wraps the others. */
export interface LockRecord {
  readonly keeper: KeeperKind;
  readonly note: Uint8Array;
  /** Tells the right wrapping key from any other. */
  readonly proof: Uint8Array;
  readonly backedUpAt: number | undefined;
}

/** The vault's rows. A promise resolves when the write is on disk. */
export interface KeyStore {
  readLock(): LockRecord | undefined;
  readKeys(): readonly KeyRecord[];
  /** Replaces the lock and every key in one transaction, and leaves nothing of the replaced rows in the log. */
  replaceAll(lock: LockRecord, keys: readonly KeyRecord[]): Promise<void>;
  /** Notes that `uses` nonces of a key may be used up. */
  saveUses(version: number, uses: number): Promise<void>;
}
