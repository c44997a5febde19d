import { deflateSync, inflateSync } from 'node:zlib';

import type { Database } from './database.ts';

const unpackedLimit = 256 * 1024 * 1024;

/** Imported files, kept as they came so that they can be written back. */
export class KeptDocuments {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps documents in place of those of the same name; all of them or none. */
  async keep(documents: ReadonlyMap<string, string>, at: number): Promise<void> {
    await this.#database.commit(() => {
      for (const [name, text] of documents)
        this.#database.run(
          `INSERT INTO kept_document (name, kept_at, packed) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET kept_at = excluded.kept_at, packed = excluded.packed`,
          name,
          at,
          deflateSync(text),
        );
    });
  }

  async forget(): Promise<void> {
    await this.#database.commit(() => this.#database.run('DELETE FROM kept_document'));
  }

  /** Every document by its name. */
  readAll(): ReadonlyMap<string, string> {
    return new Map(
      this.#database
        .all<{ name: string; packed: Uint8Array }>('SELECT name, packed FROM kept_document ORDER BY name')
        .map(({ name, packed }) => [
          name,
          inflateSync(packed, { maxOutputLength: unpackedLimit }).toString('utf8'),
        ]),
    );
  }
}
