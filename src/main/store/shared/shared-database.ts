import { readFileSync } from 'node:fs';

import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';

import { AppError } from '#shared/model/app-error.ts';
import type { SharedDatabaseSettings } from '#shared/model/shared-database.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { SsoError } from '#sso/sso-error.ts';

import { explainSharedError, isLinkFailure } from './shared-error.ts';

/** Connections at most: a server does few things at once, and several share the database. */
const poolSize = 8;
/** Longest statement, milliseconds: one page of rows takes a thousandth of it. */
const statementLimit = 15_000;
/** After a failed connection nobody else waits for the same failure for so long, milliseconds. */
const restAfterFailure = 1000;
const int8 = 20;

export type SharedValue = string | number | boolean | Uint8Array | null | readonly string[];
export type SharedRow = QueryResultRow;

export interface SharedAccount {
  readonly settings: SharedDatabaseSettings;
  /** Read for each new connection; what it gives is wiped. */
  readonly password: () => Promise<SecretBytes | undefined>;
}

/** What statements of one transaction run on. */
export interface SharedStatements {
  /** Rows of a statement; `T` describes its columns. */
  all<T extends SharedRow>(sql: string, ...values: SharedValue[]): Promise<T[]>;
  /** How many rows a statement changed. */
  run(sql: string, ...values: SharedValue[]): Promise<number>;
}

/**
 * A PostgreSQL database that several servers share. Every call that does not reach it rejects with `SsoError` 10785,
 * `unavailable`; what was asked then may still happen where the connection broke under a commit.
 */
export class SharedDatabase implements SharedStatements {
  readonly settings: SharedDatabaseSettings;
  readonly #pool: Pool;
  readonly #admit: ((database: SharedDatabase) => Promise<void>) | undefined;
  #admission: Promise<void> | undefined;
  readonly #listening = new Set<() => void>();
  #restsUntil = 0;
  #failure: unknown;

  /** `admit` looks at the database before the first statement of anybody else; what it throws keeps them out. */
  constructor(
    settings: SharedDatabaseSettings,
    pool: Pool,
    admit?: (database: SharedDatabase) => Promise<void>,
  ) {
    this.settings = settings;
    this.#pool = pool;
    this.#admit = admit;
  }

  /** Where it is, for people: `SSODB at db.fabrikam.lab`. */
  get place(): string {
    return placeOf(this.settings);
  }

  async all<T extends SharedRow>(sql: string, ...values: SharedValue[]): Promise<T[]> {
    return (await this.#query<T>(sql, values)).rows;
  }

  async run(sql: string, ...values: SharedValue[]): Promise<number> {
    return (await this.#query(sql, values)).rowCount ?? 0;
  }

  /** Runs `work` in one transaction; what it throws undoes everything. */
  async transact<T>(work: (statements: SharedStatements) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const value = await work({
        all: async <R extends SharedRow>(sql: string, ...values: SharedValue[]) =>
          (await client.query<R>(sql, bind(values))).rows,
        run: async (sql, ...values) => (await client.query(sql, bind(values))).rowCount ?? 0,
      });
      await client.query('COMMIT');
      return value;
    } catch (error) {
      if (isLinkFailure(error)) broken = toError(error);
      else
        await client.query('ROLLBACK').catch((cause: unknown) => {
          broken = toError(cause);
        });
      throw explainSharedError(error, this.place);
    } finally {
      client.release(broken);
    }
  }

  /**
   * Hears what other servers announce on a channel, over a connection of its own that is opened again after a loss.
   * `lost` tells that announcements may have been missed. The returned function ends it.
   */
  async listen(
    channel: string,
    heard: (payload: string) => void,
    lost: () => void,
  ): Promise<() => Promise<void>> {
    const client = await this.#connect();
    let ended = false;
    const end = (error?: Error): void => {
      if (ended) return;
      ended = true;
      this.#listening.delete(end);
      client.removeAllListeners('notification');
      client.release(error ?? true);
      if (error !== undefined) lost();
    };
    client.on('notification', ({ payload = '' }) => heard(payload));
    client.once('error', end);
    client.once('end', () => end(new Error('The connection ended')));
    try {
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      ended = true;
      client.release(toError(error));
      throw explainSharedError(error, this.place);
    }
    this.#listening.add(end);
    return async () => end();
  }

  async close(): Promise<void> {
    for (const end of this.#listening) end();
    await this.#pool.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #query<T extends SharedRow>(sql: string, values: readonly SharedValue[]): Promise<QueryResult<T>> {
    const client = await this.#connect();
    let broken: Error | undefined;
    try {
      return await client.query<T>(sql, bind(values));
    } catch (error) {
      if (isLinkFailure(error)) broken = toError(error);
      throw explainSharedError(error, this.place);
    } finally {
      client.release(broken);
    }
  }

  /** Works with a database that `admit` accepts only. */
  admitting(admit: (database: SharedDatabase) => Promise<void>): SharedDatabase {
    return new SharedDatabase(this.settings, this.#pool, admit);
  }

  async #connect(): Promise<PoolClient> {
    if (this.#admit !== undefined) {
      this.#admission ??= this.#admit(new SharedDatabase(this.settings, this.#pool));
      const admission = this.#admission;
      await admission.catch((error: unknown) => {
        if (this.#admission === admission) this.#admission = undefined;
        throw toAway(error);
      });
    }
    if (performance.now() < this.#restsUntil) throw explainSharedError(this.#failure, this.place);
    try {
      return await this.#pool.connect();
    } catch (error) {
      this.#failure = error;
      this.#restsUntil = performance.now() + restAfterFailure;
      throw explainSharedError(error, this.place);
    }
  }
}

/** Opens the way to a database, whatever it holds. Nothing is sent before the first statement. */
export async function connectSharedDatabase(
  { settings, password }: SharedAccount,
  database = settings.database,
): Promise<SharedDatabase> {
  const { default: pg } = await import('pg');
  const { host, port = 5432, user, tls, caFile, serverName = host, connectTimeout } = settings;
  const isSocket = host.startsWith('/');
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    // The driver takes the server's own password as text only.
    password: async () => {
      using secret = await password();
      return secret === undefined ? '' : Buffer.from(secret.bytes).toString();
    },
    max: poolSize,
    connectionTimeoutMillis: connectTimeout * 1000,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementLimit,
    // Beyond the server's own limit: a server that does not answer at all.
    query_timeout: statementLimit + 5000,
    idle_in_transaction_session_timeout: statementLimit,
    keepAlive: true,
    application_name: 'carillon',
    // A confirmed write is on disk, whatever the server's default is.
    options:
      '-c synchronous_commit=on -c search_path=pg_catalog -c default_transaction_isolation=read\\ committed',
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(pg.types, oid, format) },
    ssl:
      isSocket || !tls
        ? false
        : {
            rejectUnauthorized: true,
            servername: serverName,
            minVersion: 'TLSv1.2',
            ...(caFile === undefined ? {} : { ca: readAuthority(caFile) }),
          },
  });
  // A connection that is lost while it rests is noticed when it is used, and one at work fails what runs on it; the
  // event itself, which nobody else hears while a connection is lent, would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new SharedDatabase(database === settings.database ? settings : { ...settings, database }, pool);
}

/** A database that cannot be worked with is away, whatever the reason: replay files keep what comes meanwhile. */
function toAway(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code === 'unavailable') return error;
  return new SsoError(10785, 'unavailable', error.message, {
    cause: error,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
  });
}

export function placeOf({ database, host, port }: SharedDatabaseSettings): string {
  return `${database} at ${host}${port === undefined ? '' : `:${port}`}`;
}

/** Row numbers and times stay below 2^53; the driver would make texts of them. */
function parserOf(types: typeof import('pg')['types'], oid: number, format?: 'text' | 'binary') {
  return oid === int8 ? Number : types.getTypeParser(oid, format as 'text');
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('invalid_configuration', `The certificate authority ${path} cannot be read`, {
      fix: 'Correct singleSignOn.sharedDatabase.caFile.',
      cause,
    });
  }
}

/** Bytes have to be a Buffer for the driver; it takes any other array for JSON. */
function bind(values: readonly SharedValue[]): unknown[] {
  return values.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value,
  );
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
