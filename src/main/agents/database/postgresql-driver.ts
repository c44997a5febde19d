import { readFileSync } from 'node:fs';

import type { Client, ClientConfig } from 'pg';

import type { DatabaseServer } from '#shared/model/agent-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { boundValues } from './bound-values.ts';
import { callDriver, type DriverFailure } from './call-driver.ts';
import { serverOf } from './server-of.ts';
import type { SqlConnection, SqlDriver, SqlResult, SqlRow, SqlStatement } from './sql-driver.ts';
import { detailsOf, kindOfLinkCode, type SqlErrorKind } from './sql-error.ts';
import { rowOfColumns } from './sql-row.ts';

/** SQLSTATE (PostgreSQL manual, appendix A), whole or by its class. */
const states: Readonly<Record<string, SqlErrorKind>> = {
  '02000': 'no-object',
  P0002: 'no-object',
  P0001: 'refused',
  '22001': 'constraint',
  '23502': 'constraint',
  '23503': 'constraint',
  '23505': 'duplicate',
  '23514': 'refused',
  '28000': 'credentials',
  '28P01': 'credentials',
  '3D000': 'no-database',
  '42501': 'permission',
  '42P01': 'no-table',
  '42703': 'no-column',
  '53300': 'busy',
  '55P03': 'busy',
  '57014': 'busy',
  '57P01': 'closed',
  '57P02': 'closed',
  '57P03': 'down',
};
const classes: Readonly<Record<string, SqlErrorKind>> = {
  '08': 'closed',
  '40': 'busy',
  '42': 'statement',
  '45': 'refused',
  '53': 'down',
};

/** PostgreSQL 12 and later. */
export const postgresqlDriver: SqlDriver = {
  dialect: {
    placeholder: (index) => `$${index + 1}`,
    quote: (name) => `"${name.replaceAll('"', '""')}"`,
    listTables: `SELECT CASE WHEN table_schema = current_schema() THEN table_name
        ELSE table_schema || '.' || table_name END AS name
      FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
      ORDER BY 1 LIMIT 1000`,
    explain: (statement) => `EXPLAIN ${statement}`,
    findProcedure: (name, schema) =>
      `SELECT 1 AS found FROM information_schema.routines
       WHERE lower(routine_name) = ${name}${schema === undefined ? '' : ` AND lower(routine_schema) = ${schema}`}`,
    call: (procedure, placeholders) => `CALL ${procedure}(${placeholders.join(', ')})`,
  },
  async open(agent, password, signal) {
    const server = serverOf(agent);
    const { Client: PgClient } = (await import('pg')).default;
    const client = new PgClient(configurationOf(server, password));
    const connection = new PostgresqlConnection(client, server);
    await connection.connect(signal);
    return connection;
  },
};

function configurationOf(server: DatabaseServer, password: SecretBytes | undefined): ClientConfig {
  const isSocket = server.host.startsWith('/');
  const { caFile, serverName = server.host } = server;
  return {
    host: server.host,
    port: server.port ?? 5432,
    database: server.database,
    user: server.user,
    // The driver takes the agent's own password as text only.
    ...(password !== undefined && { password: Buffer.from(password.bytes).toString() }),
    connectionTimeoutMillis: server.connectTimeout * 1000,
    application_name: 'carillon',
    // Every value as the text that the server writes, so that none loses a digit on its way back.
    types: { getTypeParser: () => (value: string | Buffer) => value },
    ssl:
      isSocket || !server.tls
        ? false
        : {
            servername: serverName,
            minVersion: 'TLSv1.2',
            ...(caFile !== undefined && { ca: readFileSync(caFile) }),
          },
  };
}

class PostgresqlConnection implements SqlConnection {
  readonly secure: boolean;
  readonly #client: Client;
  #closed = false;

  constructor(client: Client, { host, tls }: DatabaseServer) {
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
    await this.#tell(signal, () => this.#client.connect(), false);
  }

  async run({ text, values }: SqlStatement, signal: AbortSignal): Promise<SqlResult> {
    // Bytes travel in the binary form, which for a text is the text itself: the password never becomes a string.
    const bound = boundValues(values);
    const result = await this.#tell(signal, () =>
      this.#client.query<(string | null)[]>({ text, values: bound, rowMode: 'array' }),
    );
    const columns = result.fields.map(({ name }) => name);
    return {
      columns,
      rows: result.rows.map((row) => rowOfColumns(columns, row)),
      affected: result.rowCount ?? undefined,
    };
  }

  async *read(
    { text, values }: SqlStatement,
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SqlRow[]> {
    await this.run({ text: 'BEGIN READ ONLY', values: [] }, signal);
    await this.run({ text: `DECLARE carillon NO SCROLL CURSOR FOR ${text}`, values }, signal);
    const fetch = { text: `FETCH ${pageSize} FROM carillon`, values: [] };
    for (;;) {
      const { rows } = await this.run(fetch, signal);
      yield rows;
      if (rows.length < pageSize) break;
    }
    await this.run({ text: 'COMMIT', values: [] }, signal);
  }

  async begin(signal: AbortSignal): Promise<void> {
    await this.run({ text: 'BEGIN', values: [] }, signal);
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.run({ text: 'COMMIT', values: [] }, signal);
  }

  async rollback(signal: AbortSignal): Promise<void> {
    await this.run({ text: 'ROLLBACK', values: [] }, signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return this.#break();
    this.#closed = true;
    await this.#client.end().catch(() => undefined);
  }

  #break(): void {
    this.#closed = true;
    // The way that a client is cut off at once is not in its types.
    const { connection } = this.#client as unknown as { connection?: { stream?: { destroy(): void } } };
    connection?.stream?.destroy();
  }

  #tell<T>(signal: AbortSignal, work: () => Promise<T>, sent = true): Promise<T> {
    return callDriver(work, { signal, sent, cut: () => this.#break(), failureOf });
  }
}

function failureOf(error: unknown): DriverFailure {
  const { code, text } = detailsOf(error);
  return { kind: kindOf(code, text), code, text };
}

function kindOf(code: string | undefined, text: string): SqlErrorKind {
  if (/no encryption|does not support SSL/.test(text)) return 'insecure';
  // Node's own codes may have five letters too.
  const known = kindOfLinkCode(code);
  if (known !== undefined) return known;
  if (code === undefined) {
    if (/altname|certificate/i.test(text)) return 'tls';
    if (/timeout/i.test(text)) return 'timeout';
    return /terminated|Connection|closed/i.test(text) ? 'closed' : 'other';
  }
  return states[code] ?? classes[code.slice(0, 2)] ?? 'other';
}
