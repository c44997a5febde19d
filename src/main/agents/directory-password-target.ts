import { ConnectionPool } from '#directory/connection-pool.ts';
import { explainFailure, isUsedBefore, type Stage } from '#directory/explain-failure.ts';
import { type LdapConnection, openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import type { OperationOptions } from '#directory/operation.ts';
import { readServerFacts, type ServerFacts } from '#directory/server-facts.ts';
import { endpointOf, signIn } from '#directory/sign-in.ts';
import type { Connector } from '#engine/join-table.ts';
import type { PasswordTarget, SetOptions } from '#engine/password-target.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import type { Verification } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { queryAnchor } from './directory-anchor.ts';
import { traitsOf } from './directory-traits.ts';
import { NameBook } from './name-book.ts';
import type { ObjectAccess, PasswordDialect } from './password-dialect.ts';

/** noSuchObject, insufficientAccessRights: what directories say of a name that is gone. */
const maybeGone = new Set([32, 50]);

/**
 * Sets under way on one directory, at least: as many as it can do while a commit of the queue holds the event loop.
 * More would only be more to doubt when a link breaks.
 */
const underWay = 32;
/** Sets under way on one connection, at least: the directory works on while the answer before is still read. */
const leastShared = 8;

/** Gives the agent's own password; the taker wipes it. */
export type Credentials = (agent: string) => Promise<SecretBytes>;

/** Where in an operation a failure comes: nothing of a password was sent before `request` or `change`. */
type Progress = { stage: Stage; isWriting: boolean };

/** Passwords on one directory: finds the object, sets, proves, and puts every failure into words. */
export class DirectoryPasswordTarget implements PasswordTarget {
  readonly secure: boolean;
  readonly deliveriesPerConnection: number;
  readonly #agent: DirectoryAgent;
  readonly #dialect: PasswordDialect;
  readonly #names: NameBook;
  readonly #service: ConnectionPool;
  /** Signed in as nobody or as the last person proven; never used for anything but proofs. */
  readonly #proofs: ConnectionPool;
  readonly #timeout: number;
  #facts: Promise<ServerFacts> | undefined;

  constructor(agent: DirectoryAgent, dialect: PasswordDialect, credentials: Credentials) {
    const { connection, password } = agent;
    this.secure = !connection.url.startsWith('ldap://');
    this.#agent = agent;
    this.#dialect = dialect;
    this.#names = new NameBook(traitsOf(agent).anchor);
    this.#timeout = password.operationTimeout * 1000;
    this.deliveriesPerConnection = Math.max(leastShared, Math.ceil(underWay / password.concurrency));
    this.#service = new ConnectionPool({
      size: password.concurrency,
      share: this.deliveriesPerConnection,
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
    return this.#write('request', connector, signal, async (object) => {
      try {
        await this.#dialect.setPassword(object, password, options);
      } catch (error) {
        // The answer to an earlier attempt may have been lost: then the account has this very password.
        if (!isUsedBefore(error)) throw error;
        const { verdict } = await this.#prove(object, password, signal);
        if (verdict !== 'verified') throw error;
        await this.#dialect.applyOptions(object, options);
      }
    });
  }

  /** Sets a password for whoever knows the old one, under every rule that the person is under. */
  changePassword(
    connector: Connector,
    old: SecretBytes,
    next: SecretBytes,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#write('change', connector, signal, (object) =>
      this.#dialect.changePassword(object, old, next),
    );
  }

  async verifyPassword(
    connector: Connector,
    password: SecretBytes,
    signal: AbortSignal,
  ): Promise<Verification> {
    if (!this.secure) return notPossible('A proof would send the password over an unprotected connection');
    return this.#onObject('request', connector, signal, (object) => this.#prove(object, password, signal));
  }

  async probe(signal: AbortSignal): Promise<void> {
    await this.#inWords((progress) =>
      this.#service.use(signal, async (connection) => {
        progress.stage = 'request';
        await readServerFacts(connection, this.#limits(signal));
      }),
    );
  }

  /** Closes every connection; idempotent. */
  async close(): Promise<void> {
    await Promise.all([this.#service.close(), this.#proofs.close()]);
  }

  /** Tries the password once, where that can do no harm. */
  async #prove(object: ObjectAccess, password: SecretBytes, signal: AbortSignal): Promise<Verification> {
    const { dn, reason } = await this.#dialect.weighSignIn(object);
    if (reason !== undefined) return notPossible(reason);
    try {
      await this.#proofs.use(signal, (connection) =>
        connection.bindSimple(dn, password, this.#limits(signal)),
      );
      return { verdict: 'verified' };
    } catch (error) {
      if (!(error instanceof LdapError))
        return notPossible(`The proof could not be made: ${explainFailure(error, 'request').cause}`);
      const refusal = this.#dialect.judgeRefusal(error);
      if (refusal.verdict === 'unclear') return notPossible(refusal.reason);
      return { verdict: refusal.verdict === 'right' ? 'verified' : 'rejected' };
    }
  }

  async #write(
    stage: 'request' | 'change',
    connector: Connector,
    signal: AbortSignal,
    work: (object: ObjectAccess) => Promise<void>,
  ): Promise<void> {
    if (this.#agent.password.requireSecureConnection && !this.secure)
      throw new PasswordFailure(
        'ma-encryption-not-enabled',
        `The connection to ${this.#agent.name} is not protected`,
        { fix: "Use an ldaps:// address for the agent's connection." },
      );
    await this.#onObject(stage, connector, signal, (object, progress) => {
      progress.isWriting = true;
      return work(object);
    });
  }

  /** Runs `work` on the object, wherever it is by now. */
  #onObject<T>(
    stage: Stage,
    connector: Connector,
    signal: AbortSignal,
    work: (object: ObjectAccess, progress: Progress) => Promise<T>,
  ): Promise<T> {
    return this.#inWords((progress) =>
      this.#service.use(signal, async (connection) => {
        progress.stage = stage;
        const limits = this.#limits(signal);
        const facts = await this.#readFacts(connection, limits);
        const { partition } = connector;
        const dn = await this.#nameOf(connection, connector, limits);
        try {
          return await work({ connection, dn, partition, facts, limits }, progress);
        } catch (error) {
          if (!(error instanceof LdapError) || !maybeGone.has(error.code)) throw error;
          if (!this.#names.forget(connector)) throw error;
          const found = await this.#nameOf(connection, connector, limits);
          if (found === dn) throw error;
          return await work({ connection, dn: found, partition, facts, limits }, progress);
        }
      }),
    );
  }

  #nameOf(connection: LdapConnection, connector: Connector, limits: OperationOptions): Promise<string> {
    const query = this.#dialect.namesByGuid
      ? queryAnchor(connector.anchor, traitsOf(this.#agent).anchor)
      : undefined;
    return query !== undefined && 'base' in query
      ? Promise.resolve(query.base)
      : this.#names.find(connection, connector, limits);
  }

  /** Asked once; a failure is asked again. */
  #readFacts(connection: LdapConnection, limits: OperationOptions): Promise<ServerFacts> {
    this.#facts ??= readServerFacts(connection, limits).catch((error: unknown) => {
      this.#facts = undefined;
      throw error;
    });
    return this.#facts;
  }

  #limits(signal: AbortSignal): OperationOptions {
    return { timeout: this.#timeout, signal };
  }

  async #inWords<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
    const progress: Progress = { stage: 'sign-in', isWriting: false };
    try {
      return await work(progress);
    } catch (error) {
      if (error instanceof PasswordFailure) throw error;
      const { word, cause, fix, serverText, uncertain } = explainFailure(error, progress.stage);
      throw new PasswordFailure(word, `${this.#agent.name}: ${cause}`, {
        certainty: uncertain && progress.isWriting ? 'unknown' : 'not-applied',
        fix,
        cause: error,
        ...(serverText !== undefined && { serverText }),
      });
    }
  }
}

function notPossible(reason: string): Verification {
  return { verdict: 'not-possible', reason };
}
