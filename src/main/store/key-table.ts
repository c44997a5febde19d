import type { KeyRecord, KeyStore, LockRecord } from '#vault/key-store.ts';

import type { Database } from './database.ts';

/** Where the keys lie: the vault's own, or the master secret's. */
export type KeyTableNames = { readonly lock: 'lock' | 'sso_lock'; readonly key: 'key' | 'sso_key' };

/** Wrapped keys and the lock on them; the vault's where no others are named. */
export class KeyTable implements KeyStore {
  readonly #database: Database;
  readonly #names: KeyTableNames;

  constructor(database: Database, names: KeyTableNames = { lock: 'lock', key: 'key' }) {
    this.#database = database;
    this.#names = names;
  }

  readLock(): LockRecord | undefined {
    interface Row extends Omit<LockRecord, 'backedUpAt'> {
      readonly backedUpAt: number | null;
    }
    const row = this.#database.get<Row>(
      `SELECT keeper, note, proof, backed_up_at AS backedUpAt FROM ${this.#names.lock}`,
    );
    return row === undefined ? undefined : { ...row, backedUpAt: row.backedUpAt ?? undefined };
  }

  readKeys(): readonly KeyRecord[] {
    interface Row extends Omit<KeyRecord, 'retiredAt'> {
      readonly retiredAt: number | null;
    }
    return this.#database
      .all<Row>(
        `SELECT version, state, wrapped, created_at AS createdAt, retired_at AS retiredAt, uses
          FROM ${this.#names.key} ORDER BY version`,
      )
      .map((row) => ({ ...row, retiredAt: row.retiredAt ?? undefined }));
  }

  async replaceAll(lock: LockRecord, keys: readonly KeyRecord[]): Promise<void> {
    await this.#database.commit(() => {
      this.#database.run(`DELETE FROM ${this.#names.lock}`);
      this.#database.run(`DELETE FROM ${this.#names.key}`);
      this.#database.run(
        `INSERT INTO ${this.#names.lock} (id, keeper, note, proof, backed_up_at) VALUES (1, ?, ?, ?, ?)`,
        lock.keeper,
        lock.note,
        lock.proof,
        lock.backedUpAt ?? null,
      );
      for (const key of keys) {
        this.#database.run(
          `INSERT INTO ${this.#names.key} (version, state, wrapped, created_at, retired_at, uses)
            VALUES (?, ?, ?, ?, ?, ?)`,
          key.version,
          key.state,
          key.wrapped,
          key.createdAt,
          key.retiredAt ?? null,
          key.uses,
        );
      }
    });
    this.#database.checkpoint();
  }

  async saveUses(version: number, uses: number): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run(
        `UPDATE ${this.#names.key} SET uses = max(uses, ?) WHERE version = ?`,
        uses,
        version,
      ),
    );
  }
}
