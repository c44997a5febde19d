import type { LdapConnection } from './ldap-connection.ts';
import { LinkError } from './link-error.ts';

/** An idle connection is given back to the server after this, milliseconds. */
const idleLimit = 60_000;

export interface ConnectionPoolOptions {
  /** Connections at the same time. */
  readonly size: number;
  open(signal: AbortSignal): Promise<LdapConnection>;
}

/** Somebody who waits for a connection, or for room to open one (undefined). */
interface Waiter {
  readonly resolve: (connection: LdapConnection | undefined) => void;
  readonly reject: (error: LinkError) => void;
}

/** Signed-in connections of one agent, opened as needed; a broken one is thrown away, nothing is tried twice. */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #idle: { readonly connection: LdapConnection; readonly since: number }[] = [];
  readonly #waiting = new Set<Waiter>();
  /** Open or being opened. */
  #open = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** Runs `work` on a connection that nobody else uses meanwhile. */
  async use<T>(signal: AbortSignal, work: (connection: LdapConnection) => Promise<T>): Promise<T> {
    const connection = this.#takeIdle() ?? (await this.#take(signal));
    try {
      return await work(connection);
    } finally {
      this.#give(connection);
    }
  }

  /** Closes what is idle and whatever comes back; turns away who waits. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { reject } of this.#waiting) reject(stopped());
    this.#waiting.clear();
    await Promise.all(this.#idle.splice(0).map(({ connection }) => connection.close()));
  }

  #takeIdle(): LdapConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.connection.closed) return idle.connection;
      this.#open -= 1;
    }
    return undefined;
  }

  async #take(signal: AbortSignal): Promise<LdapConnection> {
    if (this.#closed) throw stopped();
    if (this.#open >= this.#options.size) {
      const given = await this.#wait(signal);
      if (given !== undefined) return given;
    }
    this.#open += 1;
    try {
      return await this.#options.open(signal);
    } catch (error) {
      this.#makeRoom();
      throw error;
    }
  }

  #wait(signal: AbortSignal): Promise<LdapConnection | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<LdapConnection | undefined>();
    const waiter = { resolve, reject };
    const onAbort = (): void => {
      this.#waiting.delete(waiter);
      reject(new LinkError('aborted', 'Waiting for a connection was given up'));
    };
    if (signal.aborted) onAbort();
    else this.#waiting.add(waiter);
    signal.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  #give(connection: LdapConnection): void {
    if (connection.closed || this.#closed) {
      void connection.close();
      this.#makeRoom();
      return;
    }
    const next = this.#nextWaiter();
    if (next !== undefined) {
      next.resolve(connection);
      return;
    }
    this.#idle.push({ connection, since: performance.now() });
    this.#sweep ??= setInterval(() => this.#closeIdle(), idleLimit / 2).unref();
  }

  #nextWaiter(): Waiter | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }

  /** One connection fewer: whoever waits may open a new one. */
  #makeRoom(): void {
    this.#open -= 1;
    this.#nextWaiter()?.resolve(undefined);
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

function stopped(): LinkError {
  return new LinkError('closed', 'The agent was stopped');
}
