import type { Connector } from '#engine/join-table.ts';
import type { SetOptions } from '#engine/password-target.ts';
import type { DatabaseAgent } from '#shared/model/agent.ts';
import type { PasswordMethod, ProcedureCall } from '#shared/model/agent-database.ts';
import type { Verification } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { type OptionalCredentials, PasswordLinks } from '../password-links.ts';
import { splitAnchor } from '../record/record-anchor.ts';
import { passwordFailureOf } from './database-failure.ts';
import { driverOf } from './driver-of.ts';
import type { SqlConnection, SqlDriver, SqlValue } from './sql-driver.ts';
import { SqlError } from './sql-error.ts';
import { fillCall, fillTemplate, type SqlParameters } from './sql-template.ts';
import { TableColumns } from './table-columns.ts';

export type DatabaseMethod = Exclude<PasswordMethod, { method: 'extension' }>;

/** Passwords by a statement or a stored procedure, each in a transaction that holds or fails whole. */
export class DatabasePasswordTarget {
  readonly secure: boolean;
  readonly #agent: DatabaseAgent;
  readonly #method: DatabaseMethod;
  readonly #driver: SqlDriver;
  readonly #links: PasswordLinks<SqlConnection>;

  constructor(agent: DatabaseAgent, method: DatabaseMethod, credentials: OptionalCredentials) {
    const { connection } = agent;
    this.#agent = agent;
    this.#method = method;
    this.#driver = driverOf(agent);
    this.secure = !('host' in connection) || connection.tls || connection.host.startsWith('/');
    this.#links = new PasswordLinks({
      agent,
      credentials,
      open: (password, signal) => this.#driver.open(agent, password, signal),
      refuse: (reason, message) => new SqlError(reason, message),
      explain: passwordFailureOf,
    });
  }

  setPassword(
    connector: Connector,
    password: SecretBytes,
    options: SetOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const parameters = parametersOf(this.#agent, connector, password, options);
    return this.#write(this.#method.set, 'set', connector, parameters, signal);
  }

  changePassword(
    connector: Connector,
    old: SecretBytes,
    next: SecretBytes,
    signal: AbortSignal,
  ): Promise<void> {
    const parameters = parametersOf(this.#agent, connector, next).set('oldPassword', old.bytes);
    return this.#write(this.#method.change, 'change', connector, parameters, signal);
  }

  async verifyPassword(
    connector: Connector,
    password: SecretBytes,
    signal: AbortSignal,
  ): Promise<Verification> {
    const { verify } = this.#method;
    if (verify === undefined)
      return { verdict: 'not-possible', reason: 'The agent has no query that proves one' };
    if (!this.secure)
      return {
        verdict: 'not-possible',
        reason: 'A proof would send the password over an unprotected connection',
      };
    return await this.#links.use(signal, async (connection) => {
      const parameters = parametersOf(this.#agent, connector, password);
      const { rows } = await connection.run(fillTemplate(verify, parameters, this.#driver.dialect), signal);
      return { verdict: rows.length > 0 ? 'verified' : 'rejected' };
    });
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#links.use(signal, (connection) =>
      TableColumns.read(connection, this.#driver.dialect, this.#agent.table, signal),
    );
  }

  close(): Promise<void> {
    return this.#links.close();
  }

  async #write(
    given: string | ProcedureCall | undefined,
    operation: 'set' | 'change',
    connector: Connector,
    parameters: SqlParameters,
    signal: AbortSignal,
  ): Promise<void> {
    const { name, password } = this.#agent;
    if (given === undefined)
      throw new PasswordFailure('ma-feature-not-supported', `${name} has no way to ${operation} a password`, {
        fix: `Add "${operation}" to "passwordMethod".`,
      });
    if (password.requireSecureConnection && !this.secure)
      throw new PasswordFailure('ma-encryption-not-enabled', `The connection to ${name} is not protected`, {
        fix: 'Set "tls" to true in the connection of the agent.',
      });
    const { dialect } = this.#driver;
    const statement =
      typeof given === 'string'
        ? fillTemplate(given, parameters, dialect)
        : fillCall(given, parameters, dialect);
    await this.#links.use(signal, async (connection) => {
      await connection.begin(signal);
      try {
        const { affected } = await connection.run(statement, signal);
        // A procedure tells in its own ways; a statement by the rows that it has met.
        if (typeof given === 'string') await this.#judge(affected, operation, connector, connection, signal);
        await connection.commit(signal);
      } catch (error) {
        if (!connection.closed) await connection.rollback(signal).catch(() => connection.close());
        throw error;
      }
    });
  }

  async #judge(
    affected: number | undefined,
    operation: 'set' | 'change',
    connector: Connector,
    connection: SqlConnection,
    signal: AbortSignal,
  ): Promise<void> {
    const { name } = this.#agent;
    if (affected === 1 || affected === undefined) return;
    if (affected > 1)
      throw new PasswordFailure(
        'ma-not-configured',
        `${name}: the statement changed ${affected} rows, so nothing was kept`,
        { fix: 'Let its WHERE name one row: :anchor, or the columns of the anchor.' },
      );
    if (!(await this.#exists(connector, connection, signal)))
      throw new PasswordFailure('object-not-found', `${name} has no row "${connector.anchor}"`, {
        fix: 'Run an import, so that the object that is gone is forgotten.',
      });
    if (operation === 'change')
      throw new PasswordFailure('bad-password', `${name}: the old password is not right`);
    throw new PasswordFailure(
      'access-denied',
      `${name}: the statement changed no row, though the row exists`,
      {
        fix: "Check the statement's WHERE, and what the agent's account may change.",
      },
    );
  }

  async #exists({ anchor }: Connector, connection: SqlConnection, signal: AbortSignal): Promise<boolean> {
    const names = this.#agent.anchor;
    const columns = await TableColumns.read(connection, this.#driver.dialect, this.#agent.table, signal);
    const text = `SELECT 1 AS found FROM ${columns.table} WHERE ${columns.match(names)}`;
    const { rows } = await connection.run({ text, values: splitAnchor(anchor, names.length) }, signal);
    return rows.length > 0;
  }
}

function parametersOf(
  { anchor }: DatabaseAgent,
  connector: Connector,
  password: SecretBytes,
  options?: SetOptions,
): Map<string, SqlValue> {
  const parts = splitAnchor(connector.anchor, anchor.length);
  return new Map<string, SqlValue>([
    ...anchor.map((name, index): [string, SqlValue] => [name, parts[index] ?? '']),
    ['anchor', connector.anchor],
    ['dn', connector.dn],
    ['unlock', options?.unlock === true ? '1' : '0'],
    ['mustChange', options?.mustChange === true ? '1' : '0'],
    ['password', password.bytes],
  ]);
}
