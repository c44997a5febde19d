import type { CredentialKind, CredentialPlace, MappingId, StoredCredential } from '#sso/ports.ts';
import { credentialContextOf } from '#vault/master-secret.ts';
import type { ResealedRow, SealedRow, SealedRows } from '#vault/sealed-rows.ts';
import { replaceSealed } from './replace-sealed.ts';
import type { SharedDatabase } from './shared-database.ts';

/** The sealed credentials of mappings, each row with a count of its writes. */
export class SharedCredentialTable implements SealedRows {
  readonly #database: SharedDatabase;

  constructor(database: SharedDatabase) {
    this.#database = database;
  }

  async read(mapping: MappingId, kind: CredentialKind): Promise<StoredCredential | undefined> {
    const [row] = await this.#database.all<StoredCredential>(
      'SELECT sealed, version, changed_at AS "changedAt" FROM carillon.credential WHERE mapping = $1 AND kind = $2',
      mapping,
      kind,
    );
    return row;
  }

  /** Resolves to false where the stored version is not the one before. */
  async write(mapping: MappingId, kind: CredentialKind, credential: StoredCredential): Promise<boolean> {
    const { sealed, version, changedAt } = credential;
    const written =
      version > 1
        ? await this.#database.run(
            `UPDATE carillon.credential SET sealed = $3, version = $4, changed_at = $5
              WHERE mapping = $1 AND kind = $2 AND version = $6`,
            mapping,
            kind,
            sealed,
            version,
            changedAt,
            version - 1,
          )
        : await this.#database.run(
            `INSERT INTO carillon.credential (mapping, kind, sealed, version, changed_at)
              SELECT id, $2, $3, 1, $4 FROM carillon.mapping WHERE id = $1 FOR KEY SHARE ON CONFLICT DO NOTHING`,
            mapping,
            kind,
            sealed,
            changedAt,
          );
    return written > 0;
  }

  async delete(mapping: MappingId, kind: CredentialKind): Promise<boolean> {
    return (
      (await this.#database.run(
        'DELETE FROM carillon.credential WHERE mapping = $1 AND kind = $2',
        mapping,
        kind,
      )) > 0
    );
  }

  /** Mappings that have one, in order. */
  async list({ after, limit }: { readonly after: MappingId; readonly limit: number }) {
    const rows = await this.#database.all<{ mapping: MappingId }>(
      'SELECT DISTINCT mapping FROM carillon.credential WHERE mapping > $1 ORDER BY mapping LIMIT $2',
      after,
      limit,
    );
    return rows.map(({ mapping }) => mapping);
  }

  async count(): Promise<number> {
    const [row] = await this.#database.all<{ count: number }>(
      'SELECT count(*) AS count FROM carillon.credential',
    );
    return row?.count ?? 0;
  }

  async page(after: number, limit: number): Promise<readonly SealedRow[]> {
    const rows = await this.#database.all<{ id: number; sealed: Uint8Array } & CredentialPlace>(
      `SELECT c.id, c.sealed, a.name AS application, c.mapping, c.kind, c.version
        FROM carillon.credential c JOIN carillon.mapping m ON m.id = c.mapping
        JOIN carillon.application a ON a.id = m.application
        WHERE c.id > $1 ORDER BY c.id LIMIT $2`,
      after,
      limit,
    );
    return rows.map(({ id, sealed, ...place }) => ({ id, sealed, context: credentialContextOf(place) }));
  }

  replace(rows: readonly ResealedRow[]): Promise<void> {
    return replaceSealed(this.#database, 'credential', rows);
  }
}
