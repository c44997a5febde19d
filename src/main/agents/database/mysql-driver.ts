import { readFileSync } from 'node:fs';

import type { Connection, ConnectionOptions, FieldPacket } from 'mysql2';

import type { DatabaseServer } from '#shared/model/agent-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { boundValues } from './bound-values.ts';
import { callDriver, type DriverFailure } from './call-driver.ts';
import { serverOf } from './server-of.ts';
import type { SqlConnection, SqlDriver, SqlResult, SqlRow, SqlStatement } from './sql-driver.ts';
import { detailsOf, kindOfLinkCode, type SqlErrorKind } from './sql-error.ts';
import { rowOf, rowOfColumns } from './sql-row.ts';

/** Error numbers of MySQL and MariaDB. */
const numbers: Readonly<Record<number, SqlErrorKind>> = {
  1040: 'busy',
  1044: 'permission',
  1045: 'credentials',
  1049: 'no-database',
  1048: 'constraint',
  1053: 'down',
  1054: 'no-column',
  1062: 'duplicate',
  1064: 'statement',
  1142: 'permission',
  1143: 'permission',
  1146: 'no-table',
  1203: 'busy',
  1205: 'busy',
  1213: 'busy',
  1227: 'permission',
  1305: 'statement',
  1318: 'statement',
  1364: 'constraint',
  1370: 'permission',
  1406: 'constraint',
  1451: 'constraint',
  1452: 'constraint',
  1643: 'no-object',
  1644: 'refused',
  1698: 'credentials',
  3159: 'insecure',
  3819: 'refused',
  4025: 'refused',
};
const states: Readonly<Record<string, SqlErrorKind>> = {
  '02000': 'no-object',
  '45000': 'refused',
  '08S01': 'closed',
};

/** MySQL 8 and MariaDB 10 and later. */
export const mysqlDriver: SqlDriver = {
  dialect: {
    placeholder: () => '?',
    quote: (name) => `\`${name.replaceAll('`', '``')}\``,
    listTables: `SELECT CASE WHEN table_schema = DATABASE() THEN table_name
        ELSE CONCAT(table_schema, '.', table_name) END AS name
      FROM information_schema.tables
      WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
      ORDER BY 1 LIMIT 1000`,
    explain: (statement) => `EXPLAIN ${statement}`,
    findProcedure: (name, schema) =>
      `SELECT 1 AS found FROM information_schema.routines
       WHERE lower(routine_name) = ${name} AND lower(routine_schema) = ${schema ?? 'lower(DATABASE())'}`,
    call: (procedure, placeholders) => `CALL ${procedure}(${placeholders.join(', ')})`,
    // Bytes would be of the binary character set, which compares and hashes by other rules.
    asText: (placeholder) => `CONVERT(${placeholder} USING utf8mb4)`,
  },
  async open(agent, password, signal) {
    const server = serverOf(agent);
    const { createConnection } = (await import('mysql2')).default;
    const connection = new MysqlConnection(createConnection(configurationOf(server, password)), server);
    await connection.connect(signal);
    return connection;
  },
};

function configurationOf(server: DatabaseServer, password: SecretBytes | undefined): ConnectionOptions {
  const isSocket = server.host.startsWith('/');
  const { caFile, serverName } = server;
  return {
    ...(isSocket ? { socketPath: server.host } : { host: server.host, port: server.port ?? 3306 }),
    database: server.database,
    user: server.user,
    // The driver takes the agent's own password as text only.
    ...(password !== undefined && { password: Buffer.from(password.bytes).toString() }),
    connectTimeout: server.connectTimeout * 1000,
    charset: 'utf8mb4',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    decimalNumbers: false,
    // A file of this machine is nothing that a server may ask for.
    flags: ['-LOCAL_FILES'],
    ...(!isSocket &&
      server.tls && {
        ssl: {
          minVersion: 'TLSv1.2',
          rejectUnauthorized: true,
          verifyIdentity: serverName === undefined,
          ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
        },
      }),
  };
}

class MysqlConnection implements SqlConnection {
  readonly secure: boolean;
  readonly #client: Connection;
  #closed = false;

  constructor(client: Connection, { host, tls }: DatabaseServer) {
    this.#client = client;
    this.secure = tls || host.startsWith('/');
    client.on('error', () => {
      this.#closed = true;
    });
    client.on('end', () => {
      this.#closed = true;
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  async connect(signal: AbortSignal): Promise<void> {
    await this.#tell(
      signal,
      () =>
        new Promise<void>((resolve, reject) => {
          this.#client.connect((error) => (error ? reject(error) : resolve()));
        }),
      false,
    );
  }

  run({ text, values }: SqlStatement, signal: AbortSignal): Promise<SqlResult> {
    const bound = boundValues(values);
    return this.#tell(
      signal,
      () =>
        new Promise<SqlResult>((resolve, reject) => {
          this.#client.execute({ sql: text, rowsAsArray: true }, bound, (error, result, fields) => {
            if (error) reject(error);
            else resolve(toResult(result, fields));
          });
        }),
    );
  }

  async *read(
    { text, values }: SqlStatement,
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SqlRow[]> {
    const bound = boundValues(values);
    const rows = this.#client.query({ sql: text, values: bound }).stream({ highWaterMark: pageSize });
    const iterator = rows[Symbol.asyncIterator]();
    let page: SqlRow[] = [];
    for (;;) {
      const next = await this.#tell(signal, () => iterator.next());
      if (next.done === true) break;
      page.push(rowOf(Object.entries(next.value as object)));
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
    yield page;
  }

  async begin(signal: AbortSignal): Promise<void> {
    await this.#command('START TRANSACTION', signal);
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.#command('COMMIT', signal);
  }

  async rollback(signal: AbortSignal): Promise<void> {
    await this.#command('ROLLBACK', signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return this.#break();
    this.#closed = true;
    await new Promise<void>((resolve) => this.#client.end(() => resolve()));
  }

  /** Statements of transactions cannot be prepared everywhere. */
  async #command(sql: string, signal: AbortSignal): Promise<void> {
    await this.#tell(
      signal,
      () =>
        new Promise<void>((resolve, reject) =>
          this.#client.query(sql, (error) => (error ? reject(error) : resolve())),
        ),
    );
  }

  #break(): void {
    this.#closed = true;
    this.#client.destroy();
  }

  #tell<T>(signal: AbortSignal, work: () => Promise<T>, sent = true): Promise<T> {
    return callDriver(work, { signal, sent, cut: () => this.#break(), failureOf });
  }
}

function failureOf(error: unknown): DriverFailure {
  const { code, text } = detailsOf(error);
  return { kind: kindOf(error, code, text), code, text };
}

function kindOf(error: unknown, code: string | undefined, text: string): SqlErrorKind {
  if (/insecure transport|does not support secure/i.test(text)) return 'insecure';
  if (code === 'PROTOCOL_CONNECTION_LOST' || /closed state/.test(text)) return 'closed';
  if (code === 'HANDSHAKE_SSL_ERROR' || /certificate|altname/i.test(text)) return 'tls';
  const known = kindOfLinkCode(code);
  if (known !== undefined) return known;
  const { errno, sqlState } = error as { errno?: number; sqlState?: string };
  return numbers[errno ?? 0] ?? states[sqlState ?? ''] ?? 'other';
}

function toResult(result: unknown, fields: readonly FieldPacket[] | undefined): SqlResult {
  if (!Array.isArray(result)) {
    const { affectedRows } = result as { affectedRows?: number };
    return { columns: [], rows: [], affected: affectedRows };
  }
  const columns = (fields ?? []).map(({ name }) => name);
  const rows = result
    .filter((row): row is unknown[] => Array.isArray(row))
    .map((row) => rowOfColumns(columns, row));
  return { columns, rows, affected: undefined };
}
