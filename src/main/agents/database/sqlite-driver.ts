import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import type { DatabaseAgent } from '#shared/model/agent.ts';

import type { SqlConnection, SqlDriver, SqlResult, SqlRow, SqlStatement } from './sql-driver.ts';
import { detailsOf, SqlError, type SqlErrorKind } from './sql-error.ts';
import { rowOf } from './sql-row.ts';
import { addPasswordFunctions } from './sqlite-functions.ts';

/** How long another writer is waited for, milliseconds; the process waits with it. */
const busyTimeout = 500;

/** Result codes and extended ones (sqlite.org/rescode.html). */
const kinds: Readonly<Record<number, SqlErrorKind>> = {
  3: 'permission',
  5: 'busy',
  6: 'busy',
  8: 'permission',
  14: 'unreachable',
  23: 'permission',
  26: 'unreachable',
};
const refusals = new Set([275, 1811]);
/** A key or a unique column that is taken; a missing value or a reference to nothing. */
const duplicates = new Set([1555, 2067, 2579]);
const constraints = new Set([787, 1299, 3091]);

/** SQLite, as it comes with Node. */
export const sqliteDriver: SqlDriver = {
  dialect: {
    placeholder: () => '?',
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    listTables: `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
      ORDER BY name LIMIT 1000`,
    explain: (statement) => `EXPLAIN QUERY PLAN ${statement}`,
    call: (procedure) => {
      throw new SqlError('statement', `SQLite knows no procedure "${procedure}"`);
    },
    // A blob would be stored as one; its bytes are the text's own.
    asText: (placeholder) => `CAST(${placeholder} AS TEXT)`,
  },
  open: async (agent) => new SqliteConnection(agent),
};

class SqliteConnection implements SqlConnection {
  readonly secure = true;
  readonly #database: DatabaseSync;

  constructor({ connection }: DatabaseAgent) {
    const path = 'path' in connection ? connection.path : '';
    // Opening would make an empty one.
    if (!existsSync(path)) throw new SqlError('unreachable', `${path} does not exist`);
    this.#database = tell(() => new DatabaseSync(path, { timeout: busyTimeout }));
    addPasswordFunctions(this.#database);
  }

  get closed(): boolean {
    return !this.#database.isOpen;
  }

  async run({ text, values }: SqlStatement): Promise<SqlResult> {
    return tell(() => {
      const prepared = this.#database.prepare(text);
      prepared.setReadBigInts(true);
      const columns = prepared.columns().map(({ name }) => name);
      if (columns.length === 0) {
        const { changes } = prepared.run(...values);
        return { columns, rows: [], affected: Number(changes) };
      }
      return {
        columns,
        rows: prepared.all(...values).map((row) => rowOf(Object.entries(row))),
        affected: undefined,
      };
    });
  }

  async *read({ text, values }: SqlStatement, pageSize: number): AsyncGenerator<readonly SqlRow[]> {
    const rows = tell(() => {
      const prepared = this.#database.prepare(text);
      prepared.setReadBigInts(true);
      return prepared.iterate(...values);
    });
    let page: SqlRow[] = [];
    for (let next = tell(() => rows.next()); next.done !== true; next = tell(() => rows.next())) {
      page.push(rowOf(Object.entries(next.value)));
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
    yield page;
  }

  async begin(): Promise<void> {
    tell(() => this.#database.exec('BEGIN IMMEDIATE'));
  }

  async commit(): Promise<void> {
    tell(() => this.#database.exec('COMMIT'));
  }

  async rollback(): Promise<void> {
    tell(() => this.#database.exec('ROLLBACK'));
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

function tell<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SqlError) throw error;
    const { text } = detailsOf(error);
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
    throw new SqlError(kindOf(code, text), text, { code: String(code), cause: error });
  }
}

function kindOf(code: number, text: string): SqlErrorKind {
  if (refusals.has(code)) return 'refused';
  if (duplicates.has(code)) return 'duplicate';
  if (constraints.has(code)) return 'constraint';
  if (text.includes('no such table')) return 'no-table';
  if (text.includes('no such column')) return 'no-column';
  return kinds[code & 0xff] ?? ((code & 0xff) === 1 ? 'statement' : 'other');
}
