import type { Socket } from 'node:net';

import type { LdapResult } from './ldap-error.ts';
import type { SearchItem } from './search-entry.ts';

/** Entries that may wait for the reader before the socket rests. */
const highWater = 512;

/** Hands the items of one search to its reader and holds the socket back while the reader is behind. */
export class SearchStream {
  readonly #socket: Socket;
  readonly #items: SearchItem[] = [];
  #result: LdapResult | undefined;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  push(item: SearchItem): void {
    this.#items.push(item);
    if (this.#items.length >= highWater) this.#socket.pause();
    this.#wake?.();
  }

  finish(result: LdapResult): void {
    this.#result = result;
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#error = error;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<SearchItem, LdapResult, void> {
    for (;;) {
      const items = this.#items.splice(0);
      yield* items;
      if (this.#items.length > 0) continue;
      this.release();
      if (this.#error !== undefined) throw this.#error;
      if (this.#result !== undefined) return this.#result;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  /** Lets the socket go on. */
  release(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }
}
