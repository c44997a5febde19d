import type { Database } from '#store/database.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

import { sealContext } from './seal-context.ts';

/** The sealed passwords of a domain controller's queue, as key rotation sees them. */
export class HeldSecrets implements SealedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count(): number {
    return this.#database.get<{ count: number }>('SELECT count(*) AS count FROM change')?.count ?? 0;
  }

  page(after: number, limit: number): readonly SealedRow[] {
    return this.#database
      .all<{ sequence: number; trackingId: string; hookAccount: string; sealed: Uint8Array }>(
        `SELECT sequence, tracking_id AS trackingId, hook_account AS hookAccount, sealed FROM change
         WHERE sequence > ? ORDER BY sequence LIMIT ?`,
        after,
        limit,
      )
      .map((row) => ({ id: row.sequence, sealed: row.sealed, context: sealContext(row) }));
  }

  replace(rows: readonly ResealedRow[]): Promise<void> {
    return this.#database.commit(() => {
      for (const { id, before, after } of rows)
        this.#database.run(
          'UPDATE change SET sealed = ? WHERE sequence = ? AND sealed = ?',
          after,
          id,
          before,
        );
    });
  }
}
