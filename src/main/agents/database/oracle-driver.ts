import type { DatabaseServer } from '#shared/model/agent-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { callDriver, type DriverFailure } from './call-driver.ts';
import { loadDriver } from './load-driver.ts';
import { serverOf } from './server-of.ts';
import type { SqlConnection, SqlDialect, SqlDriver, SqlResult, SqlRow, SqlStatement } from './sql-driver.ts';
import { detailsOf, SqlError, type SqlErrorKind } from './sql-error.ts';
import { rowOfColumns } from './sql-row.ts';

/** What is used of the driver, which brings no types. */
export interface OracleDriver {
  readonly STRING: unknown;
  readonly DB_TYPE_RAW: unknown;
  readonly DB_TYPE_BLOB: unknown;
  readonly BUFFER: unknown;
  getConnection(options: Readonly<Record<string, unknown>>): Promise<OracleClient>;
}
export interface OracleResult {
  readonly rows?: readonly (readonly unknown[])[];
  readonly metaData?: readonly { readonly name: string }[];
  readonly rowsAffected?: number;
  readonly resultSet?: {
    readonly metaData: readonly { readonly name: string }[];
    getRows(count: number): Promise<readonly (readonly unknown[])[]>;
    close(): Promise<void>;
  };
}
export interface OracleClient {
  execute(sql: string, binds: readonly string[], options: object): Promise<OracleResult>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(options?: { readonly drop: boolean }): Promise<void>;
  break(): Promise<void>;
}

/** ORA numbers, and NJS numbers of the thin driver. */
const numbers: Readonly<Record<string, SqlErrorKind>> = {
  'ORA-00001': 'duplicate',
  'ORA-00054': 'busy',
  'ORA-00060': 'busy',
  'ORA-00904': 'no-column',
  'ORA-00942': 'no-table',
  'ORA-01017': 'credentials',
  'ORA-01031': 'permission',
  'ORA-01400': 'constraint',
  'ORA-01403': 'no-object',
  'ORA-01005': 'credentials',
  'ORA-02290': 'refused',
  'ORA-02291': 'constraint',
  'ORA-02292': 'constraint',
  'ORA-06550': 'statement',
  'ORA-12899': 'constraint',
  'ORA-12514': 'no-database',
  'ORA-12541': 'unreachable',
  'ORA-28000': 'credentials',
  'ORA-28001': 'credentials',
  'ORA-28003': 'refused',
  'ORA-03113': 'closed',
  'ORA-03114': 'closed',
  'NJS-500': 'closed',
  'NJS-503': 'unreachable',
  'NJS-505': 'tls',
  'NJS-510': 'timeout',
  'NJS-518': 'no-database',
};

/** Dates in a form that sorts and that the server takes back. */
const session =
  "ALTER SESSION SET NLS_DATE_FORMAT='YYYY-MM-DD HH24:MI:SS' NLS_TIMESTAMP_FORMAT='YYYY-MM-DD HH24:MI:SS.FF9' NLS_TIMESTAMP_TZ_FORMAT='YYYY-MM-DD HH24:MI:SS.FF9 TZH:TZM'";

const dialect: SqlDialect = {
  placeholder: (index) => `:${index + 1}`,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  listTables: `SELECT name FROM (SELECT CASE WHEN owner = USER THEN object_name
      ELSE owner || '.' || object_name END AS name
    FROM all_objects WHERE object_type IN ('TABLE', 'VIEW') AND oracle_maintained = 'N' ORDER BY 1)
    WHERE ROWNUM <= 1000`,
  call: (procedure, placeholders) => `BEGIN ${procedure}(${placeholders.join(', ')}); END;`,
};

/** Oracle Database 12.1 and later, without client libraries; `load` gives the module of the driver. */
export function createOracleDriver(
  load: () => Promise<unknown> = () => import('oracledb' as string),
): SqlDriver {
  return {
    dialect,
    async open(agent, password, signal) {
      const server = serverOf(agent);
      const connection = new OracleConnection(await loadDriver<OracleDriver>('oracledb', load), server);
      try {
        await connection.connect(server, password, signal);
      } catch (error) {
        await connection.close();
        throw error;
      }
      return connection;
    },
  };
}

class OracleConnection implements SqlConnection {
  readonly secure: boolean;
  readonly #driver: OracleDriver;
  #client: OracleClient | undefined;

  constructor(driver: OracleDriver, { tls }: DatabaseServer) {
    this.#driver = driver;
    this.secure = tls;
  }

  get closed(): boolean {
    return this.#client === undefined;
  }

  async connect(
    server: DatabaseServer,
    password: SecretBytes | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { host, port, database, user, tls, caFile, serverName, connectTimeout } = server;
    const address = `${tls ? 'tcps' : 'tcp'}://${host}:${port ?? (tls ? 2484 : 1521)}/${database}`;
    const options = {
      user,
      // The driver takes the agent's own password as text only.
      ...(password !== undefined && { password: Buffer.from(password.bytes).toString() }),
      connectString: `${address}?connect_timeout=${connectTimeout}`,
      ...(tls && { sslServerDNMatch: true }),
      ...(serverName !== undefined && { sslServerCertDN: `CN=${serverName}` }),
      ...(caFile !== undefined && { walletContent: await readCertificates(caFile) }),
    };
    this.#client = await this.#tell(signal, () => this.#driver.getConnection(options), false);
    await this.run({ text: session, values: [] }, signal);
  }

  async run(statement: SqlStatement, signal: AbortSignal): Promise<SqlResult> {
    const { rows = [], metaData = [], rowsAffected } = await this.#execute(statement, {}, signal);
    const columns = metaData.map(({ name }) => name);
    return { columns, rows: rows.map((row) => rowOfColumns(columns, row)), affected: rowsAffected };
  }

  async *read(
    statement: SqlStatement,
    pageSize: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SqlRow[]> {
    const { resultSet } = await this.#execute(
      statement,
      { resultSet: true, fetchArraySize: pageSize },
      signal,
    );
    if (resultSet === undefined) return;
    const columns = resultSet.metaData.map(({ name }) => name);
    try {
      for (;;) {
        const rows = await this.#tell(signal, () => resultSet.getRows(pageSize));
        yield rows.map((row) => rowOfColumns(columns, row));
        if (rows.length < pageSize) return;
      }
    } finally {
      await resultSet.close().catch(() => undefined);
    }
  }

  /** Every statement begins one by itself. */
  begin(): Promise<void> {
    return Promise.resolve();
  }

  async commit(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, async () => this.#client?.commit());
  }

  async rollback(signal: AbortSignal): Promise<void> {
    await this.#tell(signal, async () => this.#client?.rollback());
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => undefined);
  }

  #execute({ text, values }: SqlStatement, options: object, signal: AbortSignal): Promise<OracleResult> {
    // The driver takes the value of a text parameter as text only.
    const binds = values.map((value) =>
      typeof value === 'string' ? value : Buffer.from(value.buffer).toString(),
    );
    const { STRING, BUFFER, DB_TYPE_RAW, DB_TYPE_BLOB } = this.#driver;
    const fetchTypeHandler = ({ dbType }: { readonly dbType: unknown }) => ({
      type: dbType === DB_TYPE_RAW || dbType === DB_TYPE_BLOB ? BUFFER : STRING,
    });
    return this.#tell(signal, async () => {
      if (this.#client === undefined) throw new SqlError('closed', 'The connection is closed');
      return await this.#client.execute(text, binds, { ...options, fetchTypeHandler });
    });
  }

  #break(): void {
    const client = this.#client;
    this.#client = undefined;
    // A call in progress is broken off first; the connection cannot be used again.
    void client
      ?.break()
      .catch(() => undefined)
      .then(() => client.close({ drop: true }))
      .catch(() => undefined);
  }

  #tell<T>(signal: AbortSignal, work: () => Promise<T>, sent = true): Promise<T> {
    return callDriver(work, { signal, sent, cut: () => this.#break(), failureOf });
  }
}

function failureOf(error: unknown): DriverFailure {
  const { text } = detailsOf(error);
  const code = /(?:ORA|NJS)-\d+/.exec(text)?.[0];
  return { kind: kindOf(code, text), code, text };
}

/** RAISE_APPLICATION_ERROR has the numbers from 20000 to 20999. */
function kindOf(code: string | undefined, text: string): SqlErrorKind {
  if (code !== undefined && /^ORA-20\d{3}$/.test(code)) return 'refused';
  if (/certificate/i.test(text)) return 'tls';
  return numbers[code ?? ''] ?? 'other';
}

async function readCertificates(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return await readFile(path, 'utf8');
}
