import type { KeyRecord, KeyStore, LockRecord } from '#vault/key-store.ts';

import type { Database } from './database.ts';

/** The vault's wrapped keys and the lock on them. */
export class KeyTable implements KeyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  readLock(): LockRecord | undefined {
    interface Row extends Omit<LockRecord, 'backedUpAt'> {
      readonly backedUpAt: number | null;
    }
    const row = this.#database.get<Row>('SELECT keeper, note, proof, backed_up_at AS backedUpAt FROM lock');
    return row === undefined ? undefined : { ...row, backedUpAt: row.backedUpAt ?? undefined };
  }

  readKeys(): readonly KeyRecord[] {
    interface Row extends Omit<KeyRecord, 'retiredAt'> {
      readonly retiredAt: number | null;
    }
    return this.#database
      .all<Row>(
        `SELECT version, state, wrapped, created_at AS createdAt, retired_at AS retiredAt, uses
          FROM key ORDER BY version`,
      )
      .map((row) => ({ ...row, retiredAt: row.retiredAt ?? undefined }));
  }

  async replaceAll(lock: LockRecord, keys: readonly KeyRecord[]): Promise<void> {
    await this.#database.commit(() => {
      this.#database.run('DELETE FROM lock');
      this.#database.run('DELETE FROM key');
      this.#database.run(
        'INSERT INTO lock (id, keeper, note, proof, backed_up_at) VALUES (1, ?, ?, ?, ?)',
        lock.keeper,
        lock.note,
        lock.proof,
        lock.backedUpAt ?? null,
      );
      for (const key of keys) {
        this.#database.run(
          'INSERT INTO key (version, state, wrapped, created_at, retired_at, uses) VALUES (?, ?, ?, ?, ?, ?)',
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
      this.#database.run('UPDATE key SET uses = max(uses, ?) WHERE version = ?', uses, version),
    );
  }
}
