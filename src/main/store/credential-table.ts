import { type CredentialRows, credentialContext } from '#vault/credential-store.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

import type { Database } from './database.ts';

/** Sealed credentials by name. */
export class CredentialTable implements CredentialRows, SealedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  findCredential(name: string): Uint8Array | undefined {
    return this.#database.get<{ sealed: Uint8Array }>('SELECT sealed FROM credential WHERE name = ?', name)
      ?.sealed;
  }

  async saveCredential(name: string, sealed: Uint8Array): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run(
        `INSERT INTO credential (name, sealed, changed_at) VALUES (?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at`,
        name,
        sealed,
        Date.now(),
      ),
    );
  }

  deleteCredential(name: string): Promise<boolean> {
    return this.#database.commit(() => this.#database.run('DELETE FROM credential WHERE name = ?', name) > 0);
  }

  count(): number {
    return this.#database.get<{ count: number }>('SELECT count(*) AS count FROM credential')?.count ?? 0;
  }

  page(after: number, limit: number): readonly SealedRow[] {
    return this.#database
      .all<{ id: number; name: string; sealed: Uint8Array }>(
        'SELECT id, name, sealed FROM credential WHERE id > ? ORDER BY id LIMIT ?',
        after,
        limit,
      )
      .map(({ id, name, sealed }) => ({ id, sealed, context: credentialContext(name) }));
  }

  async replace(rows: readonly ResealedRow[]): Promise<void> {
    await this.#database.commit(() => {
      for (const { id, before, after } of rows) {
        this.#database.run('UPDATE credential SET sealed = ? WHERE id = ? AND sealed = ?', after, id, before);
      }
    });
  }
}
