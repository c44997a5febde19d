import type { LdapConnection } from './ldap-connection.ts';
import { LinkError } from './link-error.ts';

/** An idle connection is given back to the server after this, milliseconds. */
const idleLimit = 60_000;

export interface ConnectionPoolOptions {
  /** Connections at the same time. */
  readonly size: number;
  open(signal: AbortSignal): Promise<LdapConnection>;
}

/** Signed-in connections of one agent, opened as needed; a broken one is thrown away, nothing is tried twice. */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #idle: { readonly connection: LdapConnection; readonly since: number }[] = [];
  readonly #waiting: ((connection: LdapConnection | undefined) => void)[] = [];
  #open = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** Runs `work` on a connection that nobody else uses meanwhile. */
  async use<T>(signal: AbortSignal, work: (connection: LdapConnection) => Promise<T>): Promise<T> {
    const connection = await this.#take(signal);
    try {
      return await work(connection);
    } finally {
      this.#give(connection);
    }
  }

  /** Closes what is idle and whatever comes back; idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    await Promise.all(this.#idle.splice(0).map(({ connection }) => connection.close()));
  }

  async #take(signal: AbortSignal): Promise<LdapConnection> {
    if (this.#closed) throw new LinkError('closed', 'The agent was stopped');
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.connection.closed) return idle.connection;
      this.#open -= 1;
    }
    if (this.#open >= this.#options.size) {
      const given = await new Promise<LdapConnection | undefined>((resolve) => this.#waiting.push(resolve));
      if (given !== undefined) return given;
    }
    this.#open += 1;
    try {
      return await this.#options.open(signal);
    } catch (error) {
      this.#drop();
      throw error;
    }
  }

  #give(connection: LdapConnection): void {
    if (connection.closed || this.#closed) {
      void connection.close();
      this.#drop();
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(connection);
      return;
    }
    this.#idle.push({ connection, since: performance.now() });
    this.#sweep ??= setInterval(() => this.#closeIdle(), idleLimit / 2).unref();
  }

  /** One connection fewer: whoever waits may open a new one. */
  #drop(): void {
    this.#open -= 1;
    this.#waiting.shift()?.(undefined);
  }

  #closeIdle(): void {
    const limit = performance.now() - idleLimit;
    for (let oldest = this.#idle[0]; oldest !== undefined && oldest.since < limit; oldest = this.#idle[0]) {
      this.#idle.shift();
      this.#open -= 1;
      void oldest.connection.close();
    }
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}
