import { type LdapConnection, openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';

import type { Ask, AskOptions, DirectoryAccess } from './directory-access.ts';

/**
 * Samba divides its LDAP connections among a few worker processes, and the worker that runs a password change
 * answers nobody until the hook is done. With this many connections, opened in one go so that they spread, there
 * is one in another worker.
 */
const width = 8;
const connectTimeout = 5_000;

/** Connections to this domain controller over its privileged socket, where whoever may open it is SYSTEM. */
export class ControllerLinks implements DirectoryAccess {
  readonly #url: string;
  #connections: LdapConnection[] = [];
  #opening: Promise<void> | undefined;
  /** Questions under way. */
  #asking = 0;
  #closed = false;

  constructor(socketPath: string) {
    this.#url = `ldapi://${encodeURIComponent(socketPath)}`;
  }

  get connected(): boolean {
    return this.#connections.length > 0;
  }

  /**
   * Asks one connection after the other until one answers. Rejects with the directory's `LdapError`, or with a
   * `LinkError` where none answered in time. The more questions are under way the longer each connection is waited
   * for: asked by all of them at once, a busy domain controller would get eight times the work.
   */
  async ask<T>(ask: Ask<T>, { limit, patience }: AskOptions): Promise<T> {
    await this.#ensureOpen();
    const connections = [...this.#connections];
    const given = new AbortController();
    this.#asking += 1;
    try {
      return await new Promise<T>((resolve, reject) => {
        let started = 0;
        let running = 0;
        let timer: NodeJS.Timeout | undefined;
        const end = setTimeout(
          () => reject(new LinkError('timeout', `The domain controller did not answer within ${limit} ms`)),
          limit,
        );
        given.signal.addEventListener('abort', () => {
          clearTimeout(end);
          clearTimeout(timer);
        });
        const startNext = (): void => {
          clearTimeout(timer);
          const connection = connections[started];
          if (connection === undefined) return;
          started += 1;
          running += 1;
          timer = setTimeout(startNext, patience * this.#asking);
          ask(connection, given.signal).then(
            (answer) => {
              this.#prefer(connection);
              resolve(answer);
            },
            (error: unknown) => {
              running -= 1;
              if (error instanceof LdapError) reject(error);
              else if (started < connections.length) startNext();
              else if (running === 0) reject(error);
            },
          );
        };
        startNext();
      });
    } finally {
      this.#asking -= 1;
      given.abort();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = this.#connections;
    this.#connections = [];
    await Promise.all(open.map((connection) => connection.close()));
  }

  /** The one that answered is asked first next time. */
  #prefer(connection: LdapConnection): void {
    if (this.#connections[0] === connection || !this.#connections.includes(connection)) return;
    this.#connections = [connection, ...this.#connections.filter((other) => other !== connection)];
  }

  async #ensureOpen(): Promise<void> {
    if (this.#connections.length === width) return;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    // A missing connection is no reason to wait while others stand.
    if (this.#connections.length === 0) await this.#opening;
    else this.#opening.catch(() => undefined);
  }

  async #open(): Promise<void> {
    const missing = Array.from({ length: width - this.#connections.length }, () =>
      openLdap({ url: this.#url, connectTimeout }),
    );
    const opened = await Promise.allSettled(missing);
    for (const result of opened) {
      if (result.status === 'rejected') continue;
      const connection = result.value;
      if (this.#closed) {
        await connection.close();
        continue;
      }
      this.#connections.push(connection);
      connection.onClose(() => {
        this.#connections = this.#connections.filter((other) => other !== connection);
      });
    }
    const failure = opened.find((result) => result.status === 'rejected');
    if (this.#connections.length === 0 && failure !== undefined) throw failure.reason;
  }
}
