import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { createKey, deriveKey } from './authenticated-cipher.ts';
import type { KeeperKind, KeyKeeper } from './key-keeper.ts';
import type { KeyRecord, KeyStore, LockRecord } from './key-store.ts';
import { isProof, proveKey, unwrapKey, wrapKey } from './key-wrap.ts';

/** Uses are written ahead in blocks, so that sealing needs no write of its own. */
const useBlock = 2 ** 20;
/** A quarter of what one key's random nonces bear (NIST SP 800-38D 8.3). */
const mostUses = 2 ** 30;
const rootVersion = 0;

/** A key in memory, to be wiped by whoever holds it. */
export interface LoadedKey extends Omit<KeyRecord, 'wrapped'> {
  readonly key: SecretBytes;
}

export interface KeyRingStatus {
  readonly keeper: KeeperKind;
  readonly current: number;
  readonly backedUpAt: number | undefined;
  readonly keys: readonly Omit<KeyRecord, 'wrapped'>[];
}

/**
 * The vault's data keys, by version. One is active and seals; retired ones open what they sealed until nothing needs
 * them. All lie in the store wrapped by the keeper's key. That one stays in memory too: a passphrase that came through
 * a pipe cannot be asked for again when keys rotate.
 */
export class KeyRing {
  readonly #store: KeyStore;
  readonly #now: () => number;
  #kept: SecretBytes;
  #lock: LockRecord;
  #keys: ReadonlyMap<number, LoadedKey>;
  #active: LoadedKey;
  #uses: number;
  #reserved: number;
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(
    { store, now }: KeyRingDependencies,
    kept: SecretBytes,
    lock: LockRecord,
    keys: readonly LoadedKey[],
  ) {
    this.#store = store;
    this.#now = now;
    this.#kept = kept;
    this.#lock = lock;
    this.#keys = new Map(keys.map((key) => [key.version, key]));
    this.#active = activeOf(keys);
    this.#uses = this.#active.uses;
    this.#reserved = this.#active.uses;
  }

  /**
   * Loads the keys, or makes the first ones in an empty store.
   * Throws `AppError` `invalid_configuration` for a keeper other than the vault's, `forbidden` when the keeper's key
   * is not the vault's, `damaged` when a key does not open.
   */
  static async open(dependencies: KeyRingDependencies): Promise<KeyRing> {
    const { store, keeper, now } = dependencies;
    const lock = store.readLock();
    if (lock === undefined) {
      const { key: kept, note } = await keeper.create();
      const keys = [makeKey(rootVersion, 'root', now()), makeKey(1, 'active', now())];
      const created: LockRecord = { keeper: keeper.kind, note, proof: proveKey(kept), backedUpAt: undefined };
      await store.replaceAll(created, wrapAll(kept, keys));
      return new KeyRing(dependencies, kept, created, keys);
    }
    if (lock.keeper !== keeper.kind) {
      throw new AppError(
        'invalid_configuration',
        `The vault is locked by ${lock.keeper}, the configuration says ${keeper.kind}`,
        {
          fix: `Set keyKeeper back to ${lock.keeper}, start, and then run "carillon keys move ${keeper.kind}".`,
        },
      );
    }
    const kept = await readKept(keeper, lock);
    try {
      return new KeyRing(dependencies, kept, lock, unwrapAll(kept, store.readKeys()));
    } catch (error) {
      kept.wipe();
      throw error;
    }
  }

  /** Puts keys that came from a backup in place of what a store has, locked by `keeper`; they count as backed up. */
  static async install(
    { store, keeper }: Pick<KeyRingDependencies, 'store' | 'keeper'>,
    keys: readonly LoadedKey[],
    backedUpAt: number,
  ): Promise<void> {
    const { key: kept, note } = await keeper.create();
    using _ = kept;
    await store.replaceAll(
      { keeper: keeper.kind, note, proof: proveKey(kept), backedUpAt },
      wrapAll(kept, keys),
    );
  }

  get status(): KeyRingStatus {
    return {
      keeper: this.#lock.keeper,
      current: this.#active.version,
      backedUpAt: this.#lock.backedUpAt,
      keys: [...this.#keys.values()].map(({ key: _, ...record }) => ({
        ...record,
        uses: record.version === this.#active.version ? this.#uses : record.uses,
      })),
    };
  }

  get current(): number {
    return this.#active.version;
  }

  /** The active key, for sealing one secret: each call counts a nonce. */
  sealingKey(): SecretBytes {
    this.#uses += 1;
    if (this.#uses > this.#reserved) this.#reserveUses();
    return this.#active.key;
  }

  /** The key of a version; undefined once it is destroyed. */
  openingKey(version: number): SecretBytes | undefined {
    return version === rootVersion ? undefined : this.#keys.get(version)?.key;
  }

  /** Copies of every key, to be wiped by the caller. */
  copyKeys(): LoadedKey[] {
    return this.#current().map((record) => ({ ...record, key: SecretBytes.copy(record.key.bytes) }));
  }

  /** A key for one purpose that rotation does not change. The caller wipes it. */
  derive(purpose: string): SecretBytes {
    const root = this.#keys.get(rootVersion);
    if (root === undefined) throw new AppError('damaged', 'The vault has no root key');
    return deriveKey(root.key, purpose);
  }

  /** Whether the active key is older than `maxAge` milliseconds or has sealed enough. */
  isWorn(maxAge: number): boolean {
    return this.#uses >= mostUses || this.#now() - this.#active.createdAt >= maxAge;
  }

  /** Makes a new key active and retires the old one. Resolves with the new version. */
  rotate(): Promise<number> {
    return this.#change(async () => {
      const at = this.#now();
      const version = Math.max(...this.#keys.keys()) + 1;
      const retired: LoadedKey = { ...this.#active, state: 'retired', retiredAt: at, uses: this.#uses };
      await this.#replace([...this.#without(retired.version), retired, makeKey(version, 'active', at)]);
      return version;
    });
  }

  /** Destroys a retired key for good; whatever it sealed never opens again. */
  destroy(version: number): Promise<void> {
    return this.#change(async () => {
      const doomed = this.#keys.get(version);
      if (doomed?.state !== 'retired') throw new AppError('conflict', `Key ${version} is not retired`);
      await this.#replace(this.#without(version));
      doomed.key.wipe();
    });
  }

  /** Wraps every key anew under another keeper's key. The old keeper's key stays where it is. */
  move(keeper: KeyKeeper): Promise<void> {
    return this.#change(async () => {
      const { key: kept, note } = await keeper.create();
      const lock = { ...this.#lock, keeper: keeper.kind, note, proof: proveKey(kept) };
      await this.#store.replaceAll(lock, wrapAll(kept, this.#current()));
      this.#lock = lock;
      this.#kept.wipe();
      this.#kept = kept;
    });
  }

  /** The keys wrapped under another key, for a backup; notes when that was. */
  exportUnder(kept: SecretBytes, write: (keys: readonly KeyRecord[]) => Promise<void>): Promise<void> {
    return this.#change(async () => {
      await write(wrapAll(kept, this.#current()));
      const lock = { ...this.#lock, backedUpAt: this.#now() };
      await this.#store.replaceAll(lock, wrapAll(this.#kept, this.#current()));
      this.#lock = lock;
    });
  }

  /** Wipes every key from memory. */
  close(): void {
    for (const { key } of this.#keys.values()) key.wipe();
    this.#kept.wipe();
  }

  async #replace(keys: readonly LoadedKey[]): Promise<void> {
    await this.#store.replaceAll(this.#lock, wrapAll(this.#kept, keys));
    const active = activeOf(keys);
    if (active.version !== this.#active.version) {
      this.#uses = 0;
      this.#reserved = 0;
    }
    this.#active = active;
    this.#keys = new Map(keys.map((key) => [key.version, key]));
  }

  #current(): LoadedKey[] {
    return [...this.#without(this.#active.version), { ...this.#active, uses: this.#reserved }];
  }

  #without(version: number): LoadedKey[] {
    return [...this.#keys.values()].filter((key) => key.version !== version);
  }

  #reserveUses(): void {
    const { version } = this.#active;
    this.#reserved = this.#uses + useBlock;
    this.#store.saveUses(version, this.#reserved).catch(() => {
      // Counted again at the next seal; the store reports its own failure to whoever writes next.
      if (this.#active.version === version) this.#reserved = this.#uses;
    });
  }

  /** One change of the ring at a time. */
  #change<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(work, work);
    this.#changing = done;
    return done;
  }
}

export interface KeyRingDependencies {
  readonly store: KeyStore;
  readonly keeper: KeyKeeper;
  readonly now: () => number;
}

function makeKey(version: number, state: 'root' | 'active', at: number): LoadedKey {
  return { version, state, createdAt: at, retiredAt: undefined, uses: 0, key: createKey() };
}

function activeOf(keys: readonly LoadedKey[]): LoadedKey {
  const active = keys.find((key) => key.state === 'active');
  if (active === undefined) throw new AppError('damaged', 'The vault has no active key');
  return active;
}

function wrapAll(kept: SecretBytes, keys: readonly LoadedKey[]): KeyRecord[] {
  return keys.map(({ key, ...record }) => ({ ...record, wrapped: wrapKey(kept, key, record.version) }));
}

function unwrapAll(kept: SecretBytes, records: readonly KeyRecord[]): LoadedKey[] {
  return records.map(({ wrapped, ...record }) => {
    const key = unwrapKey(kept, wrapped, record.version);
    if (key === undefined) {
      throw new AppError('damaged', `Key ${record.version} of the vault does not open`, {
        fix: 'Restore the keys from their backup: "carillon keys restore".',
      });
    }
    return { ...record, key };
  });
}

async function readKept(keeper: KeyKeeper, lock: LockRecord): Promise<SecretBytes> {
  const kept = await keeper.read(lock.note);
  if (isProof(kept, lock.proof)) return kept;
  kept.wipe();
  throw new AppError('forbidden', `The key in ${keeper.place} is not the one that locks this vault`, {
    fix: 'Put the right key there, or restore the keys from their backup: "carillon keys restore".',
  });
}
