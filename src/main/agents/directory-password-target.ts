import { ConnectionPool } from '#directory/connection-pool.ts';
import { explainFailure, type Stage } from '#directory/explain-failure.ts';
import { type LdapConnection, type OperationOptions, openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';
import { endpointOf, signIn } from '#directory/sign-in.ts';
import type { Connector } from '#engine/join-table.ts';
import type { PasswordTarget, SetOptions } from '#engine/password-target.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { Verification } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { anchorFilter } from './import-anchor.ts';
import { traitsOf } from './import-traits.ts';
import type { PasswordDialect } from './password-dialect.ts';

const noSuchObject = 32;
const invalidCredentials = 49;

/** Gives the agent's own password; the taker wipes it. */
export type Credentials = (agent: string) => Promise<SecretBytes>;

/** Passwords on one directory: finds the object, sets, proves, and puts every failure into words. */
export class DirectoryPasswordTarget implements PasswordTarget {
  readonly secure: boolean;
  readonly #agent: Agent;
  readonly #dialect: PasswordDialect;
  readonly #service: ConnectionPool;
  /** Signed in as nobody or as the last person proven; never used for anything but proofs. */
  readonly #proofs: ConnectionPool;
  readonly #timeout: number;

  constructor(agent: Agent, dialect: PasswordDialect, credentials: Credentials) {
    const { connection, password } = agent;
    this.secure = !connection.url.startsWith('ldap://');
    this.#agent = agent;
    this.#dialect = dialect;
    this.#timeout = password.operationTimeout * 1000;
    this.#service = new ConnectionPool({
      size: password.concurrency,
      open: (signal) => signIn(connection, { signal, password: () => credentials(agent.id) }),
    });
    this.#proofs = new ConnectionPool({
      size: password.concurrency,
      open: (signal) => openLdap(endpointOf(connection), signal),
    });
  }

  setPassword(
    connector: Connector,
    password: SecretBytes,
    options: SetOptions,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#onService(connector, signal, (connection, dn, limits) =>
      this.#dialect.setPassword(connection, dn, password, options, limits),
    );
  }

  /** Sets a password for whoever knows the old one, under every rule that the person is under. */
  changePassword(
    connector: Connector,
    old: SecretBytes,
    next: SecretBytes,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#onService(connector, signal, (connection, dn, limits) =>
      this.#dialect.changePassword(connection, dn, old, next, limits),
    );
  }

  async verifyPassword(
    connector: Connector,
    password: SecretBytes,
    signal: AbortSignal,
  ): Promise<Verification> {
    if (!this.secure)
      return {
        verdict: 'not-possible',
        reason: 'A proof would send the password over an unprotected connection',
      };
    const proof = await this.#onService(connector, signal, async (connection, dn, limits) => ({
      dn,
      risk: await this.#dialect.findRisk(connection, dn, limits),
    }));
    if (proof.risk !== undefined) return { verdict: 'not-possible', reason: proof.risk };
    try {
      await this.#proofs.use(signal, (connection) =>
        connection.bindSimple(proof.dn, password, this.#limits(signal)),
      );
      return { verdict: 'verified' };
    } catch (error) {
      if (error instanceof LdapError && this.#dialect.provesPassword(error)) return { verdict: 'verified' };
      if (error instanceof LdapError && error.code === invalidCredentials) return { verdict: 'rejected' };
      const { cause } = explainFailure(error, 'request');
      return { verdict: 'not-possible', reason: `The proof could not be made: ${cause}` };
    }
  }

  async probe(signal: AbortSignal): Promise<void> {
    const request = { base: '', scope: 'base', filter: '(objectClass=*)', attributes: ['1.1'] } as const;
    await this.#guard((stage) =>
      this.#service.use(signal, (connection) => {
        stage('request');
        return connection.searchEntries({ ...request, ...this.#limits(signal) });
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#service.close(), this.#proofs.close()]);
  }

  #limits(signal: AbortSignal): OperationOptions {
    return { timeout: this.#timeout, signal };
  }

  /** Runs `work` on the object's entry; looks it up by its anchor where it was renamed or moved. */
  #onService<T>(
    connector: Connector,
    signal: AbortSignal,
    work: (connection: LdapConnection, dn: string, limits: OperationOptions) => Promise<T>,
  ): Promise<T> {
    if (this.#agent.password.requireSecureConnection && !this.secure) {
      const message = `The connection to ${this.#agent.name} is not protected`;
      throw new PasswordFailure('ma-encryption-not-enabled', message, {
        fix: 'Use an ldaps:// address, or switch "Require secure connection" off for this agent.',
      });
    }
    return this.#guard((stage) =>
      this.#service.use(signal, async (connection) => {
        stage('request');
        const limits = this.#limits(signal);
        try {
          return await work(connection, connector.dn, limits);
        } catch (error) {
          if (!(error instanceof LdapError) || error.code !== noSuchObject) throw error;
          const dn = await this.#findAgain(connection, connector, limits);
          if (dn === undefined || dn === connector.dn) throw error;
          return await work(connection, dn, limits);
        }
      }),
    );
  }

  async #findAgain(
    connection: LdapConnection,
    connector: Connector,
    limits: OperationOptions,
  ): Promise<string | undefined> {
    const filter = anchorFilter(connector.anchor, traitsOf(this.#agent).anchor);
    if (filter === undefined) return undefined;
    const request = {
      base: connector.partition,
      scope: 'sub',
      filter,
      attributes: ['1.1'],
      ...limits,
    } as const;
    const [entry] = await connection.searchEntries(request);
    return entry?.dn;
  }

  async #guard<T>(work: (stage: (now: Stage) => void) => Promise<T>): Promise<T> {
    let stage: Stage = 'sign-in';
    try {
      return await work((now) => {
        stage = now;
      });
    } catch (error) {
      if (error instanceof PasswordFailure) throw error;
      throw this.#failure(error, stage);
    }
  }

  #failure(error: unknown, stage: Stage): PasswordFailure {
    const { word, cause, fix, serverText, uncertain } = explainFailure(error, stage);
    // A link that never came about took nothing along.
    const open = error instanceof LinkError && error.sent;
    return new PasswordFailure(word, `${this.#agent.name}: ${cause}`, {
      certainty: uncertain && open ? 'unknown' : 'not-applied',
      fix,
      cause: error,
      ...(serverText !== undefined && { serverText }),
    });
  }
}
