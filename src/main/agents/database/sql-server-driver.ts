import { readFileSync } from 'node:fs';

import type { Connection, ConnectionConfiguration, Request } from 'tedious';

import type { DatabaseServer } from '#shared/model/agent-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { callDriver, type DriverFailure } from './call-driver.ts';
import { loadDriver } from './load-driver.ts';
import { serverOf } from './server-of.ts';
import type { SqlConnection, SqlDriver, SqlResult, SqlRow, SqlStatement } from './sql-driver.ts';
import { detailsOf, kindOfLinkCode, type SqlErrorKind } from './sql-error.ts';
import { rowOf } from './sql-row.ts';

type Tedious = typeof import('tedious');

/** Rows that may wait for their reader. */
const waitLimit = 2000;

/** Error numbers of the database engine. */
const numbers: Readonly<Record<number, SqlErrorKind>> = {
  207: 'no-column',
  208: 'no-table',
  229: 'permission',
  230: 'permission',
  515: 'constraint',
  547: 'refused',
  1205: 'busy',
  1222: 'busy',
  2601: 'duplicate',
  2627: 'duplicate',
  2628: 'constraint',
  2812: 'statement',
  8152: 'constraint',
  4060: 'no-database',
  18456: 'credentials',
};
const codes: Readonly<Record<string, SqlErrorKind>> = {
  ELOGIN: 'credentials',
  ESOCKET: 'unreachable',
  EINSTLOOKUP: 'unreachable',
  ETIMEOUT: 'timeout',
  ECLOSE: 'closed',
  EINVALIDSTATE: 'closed',
};

/** SQL Server 2016 and later. */
export const sqlServerDriver: SqlDriver = {
  dialect: {
    placeholder: (index) => `@p${index}`,
    quote: (name) => `[${name.replaceAll(']', ']]')}]`,
    listTables: `SELECT TOP 1000 CASE WHEN TABLE_SCHEMA = SCHEMA_NAME() THEN TABLE_NAME
        ELSE TABLE_SCHEMA + '.' + TABLE_NAME END AS name
      FROM INFORMATION_SCHEMA.TABLES ORDER BY 1`,
    findProcedure: (name, schema) =>
      `SELECT 1 AS found FROM INFORMATION_SCHEMA.ROUTINES
       WHERE LOWER(ROUTINE_NAME) = ${name}${schema === undefined ? '' : ` AND LOWER(ROUTINE_SCHEMA) = ${schema}`}`,
    call: (procedure, placeholders) => `EXEC ${procedure} ${placeholders.join(', ')}`,
  },
  async open(agent, password, signal) {
    const server = serverOf(agent);
    const tedious = await loadDriver<Tedious>('tedious', () => import('tedious'));
    const connection = new SqlServerConnection(tedious, server, password);
    await connection.connect(signal);
    return connection;
  },
};

function configurationOf(server: DatabaseServer, password: SecretBytes | undefined): ConnectionConfiguration {
  const { caFile, serverName } = server;
  return {
    server: server.host,
    authentication: {
      type: 'default',
      options: {
        userName: server.user,
        // The driver takes the agent's own password as text only.
        ...(password !== undefined && { password: Buffer.from(password.bytes).toString() }),
      },
    },
    options: {
      port: server.port ?? 1433,
      database: server.database,
      encrypt: server.tls,
      trustServerCertificate: false,
      connectTimeout: server.connectTimeout * 1000,
      // The signal ends what takes too long.
      requestTimeout: 0,
      rowCollectionOnRequestCompletion: false,
      useUTC: true,
      ...(serverName !== undefined && { serverName }),
      ...(caFile !== undefined && { cryptoCredentialsDetails: { ca: readFileSync(caFile) } }),
    },
  };
}

class SqlServerConnection implements SqlConnection {
  readonly secure: boolean;
  readonly #tedious: Tedious;
  readonly #client: Connection;
  #closed = false;
  #running: Request | undefined;

  constructor(tedious: Tedious, server: DatabaseServer, password: SecretBytes | undefined) {
    this.#tedious = tedious;
    this.secure = server.tls;
    this.#client = new tedious.Connection(configurationOf(server, password));
    this.#client.on('end', () => {
      this.#closed = true;
    });
    this.#client.on('error', () => {
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

  run(statement: SqlStatement, signal: AbortSignal): Promise<SqlResult> {
    return this.#tell(signal, async () => {
      const rows: SqlRow[] = [];
      let columns: readonly string[] = [];
      const affected = await new Promise<number | undefined>((resolve, reject) => {
        const request = this.#request(statement, (error, count) => (error ? reject(error) : resolve(count)));
        request.on('columnMetadata', (metadata) => {
          columns = (Array.isArray(metadata) ? metadata : []).map(({ colName }) => colName);
        });
        request.on('row', (cells: unknown) => rows.push(toRow(cells)));
        this.#client.execSql(request);
      });
      return { columns, rows, affected };
    });
  }

  async *read(
    statement: SqlStatement,
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SqlRow[]> {
    const waiting: SqlRow[] = [];
    let wake = Promise.withResolvers<void>();
    let ended: { readonly error?: unknown } | undefined;
    const request = this.#request(statement, (error) => {
      ended = error ? { error } : {};
      wake.resolve();
    });
    request.on('row', (cells: unknown) => {
      waiting.push(toRow(cells));
      if (waiting.length >= waitLimit) request.pause();
      if (waiting.length >= pageSize) wake.resolve();
    });
    this.#client.execSql(request);
    for (;;) {
      await this.#tell(signal, () => wake.promise);
      const failure = ended?.error;
      if (failure !== undefined) await this.#tell(signal, () => Promise.reject(failure));
      wake = Promise.withResolvers<void>();
      const isEnd = ended !== undefined;
      while (waiting.length >= pageSize || (isEnd && waiting.length > 0)) yield waiting.splice(0, pageSize);
      if (isEnd) return;
      request.resume();
    }
  }

  async begin(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, () => settled((done) => this.#client.beginTransaction(done)));
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, () => settled((done) => this.#client.commitTransaction(done)));
  }

  async rollback(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, () => settled((done) => this.#client.rollbackTransaction(done)));
  }

  close(): Promise<void> {
    this.#closed = true;
    // The driver throws where nobody catches when it reads the end of an answer after it was closed.
    this.#running?.cancel();
    this.#client.close();
    return Promise.resolve();
  }

  #request(
    { text, values }: SqlStatement,
    done: (error: Error | null | undefined, count?: number) => void,
  ): Request {
    const { Request: SqlRequest, TYPES } = this.#tedious;
    const request = new SqlRequest(text, (error, count) => {
      this.#running = undefined;
      done(error, count);
    });
    this.#running = request;
    // The driver takes the value of a text parameter as text only.
    for (const [index, value] of values.entries())
      request.addParameter(
        `p${index}`,
        TYPES.NVarChar,
        typeof value === 'string' ? value : Buffer.from(value.buffer).toString(),
      );
    return request;
  }

  #tell<T>(signal: AbortSignal, work: () => Promise<T>, sent = true): Promise<T> {
    return callDriver(work, { signal, sent, cut: () => this.close(), failureOf });
  }
}

function failureOf(error: unknown): DriverFailure {
  const { code, text } = detailsOf(error);
  const number = Number((error as { number?: unknown }).number ?? 0);
  const kind = number >= 50_000 ? 'refused' : (numbers[number] ?? kindOf(code, text));
  return { kind, code: number === 0 ? code : String(number), text };
}

function kindOf(code: string | undefined, text: string): SqlErrorKind {
  if (/certificate|altname|self.signed/i.test(text)) return 'tls';
  if (/encrypt/i.test(text)) return 'insecure';
  return codes[code ?? ''] ?? kindOfLinkCode(code) ?? 'other';
}

function settled(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}

interface Cell {
  readonly value: unknown;
  readonly metadata: { readonly colName: string };
}

function toRow(cells: unknown): SqlRow {
  const read = Array.isArray(cells) ? (cells as Cell[]) : [];
  return rowOf(read.map(({ value, metadata }) => [metadata.colName, value]));
}
