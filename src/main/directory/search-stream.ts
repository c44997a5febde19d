import type { LdapResult } from './ldap-error.ts';
import type { SearchItem } from './search-entry.ts';

/** Items that may wait for the reader before the connection rests. */
const highWater = 512;

/** How a search holds its connection back. */
export interface Flow {
  rest(): void;
  goOn(): void;
}

/** Hands the items of one search to its reader and lets the connection rest while the reader is behind. */
export class SearchStream {
  readonly #flow: Flow;
  #items: SearchItem[] = [];
  #result: LdapResult | undefined;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  push(item: SearchItem): void {
    this.#items.push(item);
    if (this.#items.length >= highWater) this.#flow.rest();
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

  /** What has come, whenever something has. */
  async *read(): AsyncGenerator<readonly SearchItem[], LdapResult, void> {
    for (;;) {
      const items = this.#items;
      this.#items = [];
      if (items.length > 0) yield items;
      if (this.#items.length > 0) continue;
      this.#flow.goOn();
      if (this.#error !== undefined) throw this.#error;
      if (this.#result !== undefined) return this.#result;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
