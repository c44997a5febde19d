import type { Database } from '#store/database.ts';

/** Notes a version as accounted for, within a commit: what the directory shows beyond it was not captured. */
export function recordVersion(database: Database, guid: string, version: number): void {
  database.run(
    `INSERT INTO password_ledger VALUES (?1, ?2) ON CONFLICT DO UPDATE SET version = max(version, ?2)`,
    guid,
    version,
  );
}

/** The newest password version of each account that is accounted for: captured, or reported as missed. */
export class PasswordLedger {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  versionOf(guid: string): number | undefined {
    return this.#database.get<{ version: number }>(
      'SELECT version FROM password_ledger WHERE object_guid = ?',
      guid,
    )?.version;
  }

  record(versions: readonly { readonly guid: string; readonly version: number }[]): Promise<void> {
    return this.#database.commit(() => {
      for (const { guid, version } of versions) recordVersion(this.#database, guid, version);
    });
  }

  /** Where the last look at the directory's changes ended. */
  bookmark(name: string): Uint8Array | undefined {
    return this.#database.get<{ value: Uint8Array }>('SELECT value FROM bookmark WHERE name = ?', name)
      ?.value;
  }

  advance(name: string, bookmark: Uint8Array): Promise<void> {
    return this.#database.commit(() => {
      this.#database.run(
        'INSERT INTO bookmark VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2',
        name,
        bookmark,
      );
    });
  }
}
