import type { SharedDatabase, SharedStatements } from './shared-database.ts';

/** On which servers tell each other that something changed. */
export const sharedChannel = 'carillon_sso';
/** How long a server that was away learns which applications to forget; after more it forgets all. */
const purgeLife = "interval '1 hour'";

export interface SystemRecord {
  readonly revision: number;
  /** Settings of the system and its servers, as JSON. */
  readonly document: string;
  /** Grows with every change of a definition. */
  readonly definitions: number;
  /** Number of the last purge. */
  readonly purge: number;
}

/** What a server last said of itself. */
export interface ServerRecord {
  readonly name: string;
  /** By the clock of the database, milliseconds since 1970 UTC. */
  readonly seenAt: number;
  /** Milliseconds that have gone by since, by the same clock. */
  readonly age: number;
  readonly resets: number;
  readonly document: string;
}

/** The one system, its servers, and what they tell each other. */
export class SharedSystemTable {
  readonly #database: SharedDatabase;

  constructor(database: SharedDatabase) {
    this.#database = database;
  }

  /** Undefined where no server has written the system yet. */
  async read(): Promise<SystemRecord | undefined> {
    const [row] = await this.#database.all<SystemRecord>(
      `SELECT revision, document, definitions, (SELECT coalesce(max(id), 0) FROM carillon.purge) AS purge
        FROM carillon.system`,
    );
    return row;
  }

  /** Replaces what was read at `revision`, 0 for none; false where another server was first. */
  write(document: string, revision: number): Promise<boolean> {
    return this.#database.transact(async (statements) => {
      const written =
        revision === 0
          ? await statements.run(
              'INSERT INTO carillon.system (id, revision, document) VALUES (1, 1, $1) ON CONFLICT DO NOTHING',
              document,
            )
          : await statements.run(
              'UPDATE carillon.system SET revision = revision + 1, document = $1 WHERE revision = $2',
              document,
              revision,
            );
      if (written > 0) await announce(statements);
      return written > 0;
    });
  }

  /** Says that a server is there; resolves with how often a reset of its counts was asked for. */
  async report(name: string, document: string): Promise<number> {
    const [row] = await this.#database.all<{ resets: number }>(
      `INSERT INTO carillon.server AS s (name, seen_at, document) VALUES ($1, clock_timestamp(), $2)
        ON CONFLICT (lower(name)) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at, document = excluded.document
        RETURNING s.resets`,
      name,
      document,
    );
    return row?.resets ?? 0;
  }

  async servers(): Promise<readonly ServerRecord[]> {
    return await this.#database.all<ServerRecord>(
      `SELECT name, resets, document, trunc(extract(epoch FROM seen_at) * 1000)::bigint AS "seenAt",
          trunc(extract(epoch FROM clock_timestamp() - seen_at) * 1000)::bigint AS age
        FROM carillon.server ORDER BY lower(name)`,
    );
  }

  requestReset(name: string): Promise<boolean> {
    return this.#database.transact(async (statements) => {
      const found = await statements.run(
        'UPDATE carillon.server SET resets = resets + 1 WHERE lower(name) = lower($1)',
        name,
      );
      if (found > 0) await announce(statements);
      return found > 0;
    });
  }

  /** Removes what servers said that the system has no more. */
  async forgetServers(kept: readonly string[]): Promise<void> {
    await this.#database.run(
      'DELETE FROM carillon.server WHERE lower(name) <> ALL ($1)',
      kept.map((name) => name.toLowerCase()),
    );
  }

  /** Has every server forget what it caches of these applications. */
  async purge(applications: readonly string[]): Promise<void> {
    await this.#database.transact(async (statements) => {
      await statements.run(`DELETE FROM carillon.purge WHERE at < now() - ${purgeLife}`);
      await statements.run(
        'INSERT INTO carillon.purge (application, at) SELECT unnest($1::text[]), now()',
        applications,
      );
      await announce(statements);
    });
  }

  /** Applications to forget since a purge; undefined where that one is too long ago to tell. */
  async purgedSince(purge: number): Promise<readonly string[] | undefined> {
    const rows = await this.#database.all<{ id: number; application: string }>(
      'SELECT id, application FROM carillon.purge WHERE id >= $1 ORDER BY id',
      purge,
    );
    if (purge > 0 && rows[0]?.id !== purge) return undefined;
    return [...new Set(rows.filter(({ id }) => id > purge).map(({ application }) => application))];
  }

  /** Has the other servers look at once. */
  async announce(): Promise<void> {
    await announce(this.#database);
  }
}

async function announce(statements: SharedStatements): Promise<void> {
  await statements.all("SELECT pg_notify($1, 'poll')", sharedChannel);
}
