import type { CredentialKind, CredentialPlace, MappingId, StoredCredential } from '#sso/ports.ts';
import { credentialContextOf } from '#vault/master-secret.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';

import type { Database } from './database.ts';

interface Row {
  readonly sealed: Uint8Array;
  readonly version: number;
  readonly changedAt: number;
}

/** The sealed credentials of mappings, each row with a count of its writes. */
export class SsoCredentialTable implements SealedRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  read(mapping: MappingId, kind: CredentialKind): StoredCredential | undefined {
    return this.#database.get<Row>(
      'SELECT sealed, version, changed_at AS changedAt FROM sso_credential WHERE mapping = ? AND kind = ?',
      mapping,
      kind,
    );
  }

  /** Resolves to false where the stored version is not the one before. */
  write(mapping: MappingId, kind: CredentialKind, credential: StoredCredential): Promise<boolean> {
    const { sealed, version, changedAt } = credential;
    return this.#database.commit(() => {
      if (version > 1) {
        return (
          this.#database.run(
            'UPDATE sso_credential SET sealed = ?, version = ?, changed_at = ? WHERE mapping = ? AND kind = ? AND version = ?',
            sealed,
            version,
            changedAt,
            mapping,
            kind,
            version - 1,
          ) > 0
        );
      }
      return (
        this.#database.run(
          `INSERT INTO sso_credential (mapping, kind, sealed, version, changed_at)
            SELECT id, ?, ?, 1, ? FROM sso_mapping WHERE id = ? ON CONFLICT DO NOTHING`,
          kind,
          sealed,
          changedAt,
          mapping,
        ) > 0
      );
    });
  }

  delete(mapping: MappingId, kind: CredentialKind): Promise<boolean> {
    return this.#database.commit(
      () =>
        this.#database.run('DELETE FROM sso_credential WHERE mapping = ? AND kind = ?', mapping, kind) > 0,
    );
  }

  /** Mappings that have one, in order. */
  list({ after, limit }: { readonly after: MappingId; readonly limit: number }): readonly MappingId[] {
    return this.#database
      .all<{ mapping: number }>(
        'SELECT DISTINCT mapping FROM sso_credential WHERE mapping > ? ORDER BY mapping LIMIT ?',
        after,
        limit,
      )
      .map(({ mapping }) => mapping);
  }

  count(): number {
    return this.#database.get<{ count: number }>('SELECT count(*) AS count FROM sso_credential')?.count ?? 0;
  }

  page(after: number, limit: number): readonly SealedRow[] {
    return this.#database
      .all<{ id: number; sealed: Uint8Array } & CredentialPlace>(
        `SELECT c.id, c.sealed, a.name AS application, c.mapping, c.kind, c.version
          FROM sso_credential c JOIN sso_mapping m ON m.id = c.mapping
          JOIN sso_application a ON a.id = m.application
          WHERE c.id > ? ORDER BY c.id LIMIT ?`,
        after,
        limit,
      )
      .map(({ id, sealed, ...place }) => ({ id, sealed, context: credentialContextOf(place) }));
  }

  async replace(rows: readonly ResealedRow[]): Promise<void> {
    await this.#database.commit(() => {
      for (const { id, before, after } of rows)
        this.#database.run(
          'UPDATE sso_credential SET sealed = ? WHERE id = ? AND sealed = ?',
          after,
          id,
          before,
        );
    });
  }
}
