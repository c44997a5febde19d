import type { DatabaseServer } from '#shared/model/agent-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { callDriver, type DriverFailure } from './call-driver.ts';
import { loadDriver } from './load-driver.ts';
import { serverOf } from './server-of.ts';
import type { SqlConnection, SqlDialect, SqlDriver, SqlResult, SqlRow, SqlStatement } from './sql-driver.ts';
import { detailsOf, SqlError, type SqlErrorKind } from './sql-error.ts';
import { rowOf } from './sql-row.ts';

/** What is used of the driver, which is IBM's and installed by whoever needs it. */
export interface Db2Driver {
  open(connectionString: string, options: { readonly connectTimeout: number }): Promise<Db2Client>;
}
export interface Db2Result {
  fetch(options?: object): Promise<Readonly<Record<string, unknown>> | null | undefined>;
  getColumnNamesSync(): readonly string[];
  getAffectedRowsSync(): number;
  closeSync(): void;
}
export interface Db2Client {
  queryResult(sql: string, values: readonly string[]): Promise<Db2Result>;
  beginTransaction(): Promise<void>;
  commitTransaction(): Promise<void>;
  rollbackTransaction(): Promise<void>;
  close(): Promise<void>;
}

/** SQLSTATE of DB2, whole or by its class. */
const states: Readonly<Record<string, SqlErrorKind>> = {
  '02000': 'no-object',
  '08001': 'unreachable',
  '08004': 'no-database',
  '22001': 'constraint',
  '23502': 'constraint',
  '23503': 'constraint',
  '23505': 'duplicate',
  '23513': 'refused',
  '28000': 'credentials',
  '42501': 'permission',
  '42703': 'no-column',
  '42704': 'no-table',
  '42884': 'statement',
  '57033': 'busy',
};
const classes: Readonly<Record<string, SqlErrorKind>> = {
  '08': 'closed',
  '40': 'busy',
  '42': 'statement',
};

const dialect: SqlDialect = {
  placeholder: () => '?',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  listTables: `SELECT RTRIM(TABSCHEMA) || '.' || TABNAME AS name FROM SYSCAT.TABLES
    WHERE TYPE IN ('T', 'V') AND TABSCHEMA NOT LIKE 'SYS%' ORDER BY 1 FETCH FIRST 1000 ROWS ONLY`,
  call: (procedure, placeholders) => `CALL ${procedure}(${placeholders.join(', ')})`,
};

/** DB2 11 and later for Linux, Unix and Windows, through IBM's own driver, whose module `load` gives. */
export function createDb2Driver(load: () => Promise<unknown> = () => import('ibm_db' as string)): SqlDriver {
  return {
    dialect,
    async open(agent, password, signal) {
      const server = serverOf(agent);
      const driver = await loadDriver<Db2Driver>('ibm_db', load);
      const connection = new Db2Connection(server);
      await connection.connect(driver, server, password, signal);
      return connection;
    },
  };
}

function connectionString(server: DatabaseServer, password: SecretBytes | undefined): string {
  const { host, port, database, user, tls, caFile, connectTimeout } = server;
  const parts = [
    ['DATABASE', database],
    ['HOSTNAME', host],
    ['PORT', String(port ?? (tls ? 50_001 : 50_000))],
    ['PROTOCOL', 'TCPIP'],
    ['UID', user],
    // The driver takes the agent's own password as text only.
    ...(password === undefined ? [] : [['PWD', Buffer.from(password.bytes).toString()]]),
    ['ConnectTimeout', String(connectTimeout)],
    ...(tls ? [['Security', 'SSL']] : []),
    ...(tls && caFile !== undefined ? [['SSLServerCertificate', caFile]] : []),
  ];
  return parts.map(([key, value]) => `${key}=${quotePart(value ?? '')};`).join('');
}

/** A value that holds a separator stands in braces, which double within. */
function quotePart(value: string): string {
  return /[;{}=\s]/.test(value) ? `{${value.replaceAll('}', '}}')}}` : value;
}

class Db2Connection implements SqlConnection {
  readonly secure: boolean;
  #client: Db2Client | undefined;

  constructor({ tls }: DatabaseServer) {
    this.secure = tls;
  }

  get closed(): boolean {
    return this.#client === undefined;
  }

  async connect(
    driver: Db2Driver,
    server: DatabaseServer,
    password: SecretBytes | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const options = { connectTimeout: server.connectTimeout };
    this.#client = await this.#tell(
      signal,
      () => driver.open(connectionString(server, password), options),
      false,
    );
  }

  async run(statement: SqlStatement, signal: AbortSignal): Promise<SqlResult> {
    return await this.#tell(signal, async () => {
      const result = await this.#query(statement);
      try {
        const columns = result.getColumnNamesSync();
        if (columns.length === 0) return { columns, rows: [], affected: result.getAffectedRowsSync() };
        const rows: SqlRow[] = [];
        for (let row = await result.fetch(); row != null; row = await result.fetch())
          rows.push(rowOf(Object.entries(row)));
        return { columns, rows, affected: undefined };
      } finally {
        result.closeSync();
      }
    });
  }

  async *read(
    statement: SqlStatement,
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SqlRow[]> {
    const result = await this.#tell(signal, () => this.#query(statement));
    try {
      for (;;) {
        const page: SqlRow[] = [];
        while (page.length < pageSize) {
          const row = await this.#tell(signal, () => result.fetch());
          if (row == null) break;
          page.push(rowOf(Object.entries(row)));
        }
        yield page;
        if (page.length < pageSize) return;
      }
    } finally {
      result.closeSync();
    }
  }

  async begin(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, async () => this.#client?.beginTransaction());
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, async () => this.#client?.commitTransaction());
  }

  async rollback(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, async () => this.#client?.rollbackTransaction());
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => undefined);
  }

  async #query({ text, values }: SqlStatement): Promise<Db2Result> {
    if (this.#client === undefined) throw new SqlError('closed', 'The connection is closed');
    // The driver takes the value of a text parameter as text only.
    const binds = values.map((value) =>
      typeof value === 'string' ? value : Buffer.from(value.buffer).toString(),
    );
    return await this.#client.queryResult(text, binds);
  }

  #tell<T>(signal: AbortSignal, work: () => Promise<T>, sent = true): Promise<T> {
    return callDriver(work, { signal, sent, cut: () => this.close(), failureOf });
  }
}

function failureOf(error: unknown): DriverFailure {
  const { text } = detailsOf(error);
  const code = (error as { state?: string }).state ?? /SQLSTATE=(\w{5})/.exec(text)?.[1];
  return { kind: kindOf(code, text), code, text };
}

/** SIGNAL and RAISE_ERROR use the classes from 70 on and those with the letters I to Z, which are nobody's. */
function kindOf(code: string | undefined, text: string): SqlErrorKind {
  if (/SQL30082N/.test(text)) return 'credentials';
  if (code === undefined) return 'other';
  if (/^(?:[7-9]|[I-Z])/.test(code)) return 'refused';
  return states[code] ?? classes[code.slice(0, 2)] ?? 'other';
}
