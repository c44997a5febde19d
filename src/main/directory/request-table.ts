import { LdapError, type LdapResult } from './ldap-error.ts';
import { LinkError } from './link-error.ts';
import type { Answer } from './message-reader.ts';
import type { Operation } from './operation.ts';
import type { SearchItem } from './search-entry.ts';

/** How often open requests are looked at for their time limits, milliseconds: one timer for all of them. */
const sweepInterval = 100;

export interface Outcome {
  readonly result: LdapResult;
  /** Of an extended operation or a SASL bind. */
  readonly value: Uint8Array | undefined;
}

export interface OpenRequest {
  readonly operation: Operation;
  /** Milliseconds per answer. */
  readonly timeout: number;
  /** Set for a search, which the server can be told to abandon. */
  readonly onItem: ((item: SearchItem) => void) | undefined;
  /** Whether entries are handed on as they were sent. */
  readonly isEncoded: boolean;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: LinkError | LdapError) => void;
}

/** The requests of one connection that wait for answers, by message number, with their time limits. */
export class RequestTable {
  readonly #open = new Map<number, OpenRequest & { deadline: number }>();
  readonly #onExpired: (id: number, request: OpenRequest) => void;
  readonly #isResting: () => boolean;
  #sweep: NodeJS.Timeout | undefined;

  constructor(onExpired: (id: number, request: OpenRequest) => void, isResting: () => boolean) {
    this.#onExpired = onExpired;
    this.#isResting = isResting;
  }

  get size(): number {
    return this.#open.size;
  }

  has(id: number): boolean {
    return this.#open.has(id);
  }

  isEncoded(id: number): boolean {
    return this.#open.get(id)?.isEncoded === true;
  }

  add(id: number, request: OpenRequest): void {
    this.#open.set(id, { ...request, deadline: performance.now() + request.timeout });
    this.#sweep ??= setInterval(() => this.#checkDeadlines(), sweepInterval).unref();
  }

  /** Takes a request out without an answer. */
  remove(id: number): OpenRequest | undefined {
    const request = this.#open.get(id);
    this.#open.delete(id);
    return request;
  }

  /** Hands an answer to its request. One to a request that was given up is passed over. */
  answer(answer: Answer): void {
    const request = this.#open.get(answer.id);
    if (request === undefined) return;
    if (answer.kind === 'item') {
      request.deadline = performance.now() + request.timeout;
      request.onItem?.(answer.item);
      return;
    }
    const { operation } = request;
    if (answer.tag !== operation.answer)
      throw new LinkError('protocol', `The server answered the ${operation.name} with tag ${answer.tag}`);
    this.#open.delete(answer.id);
    const { result, value } = answer;
    if (operation.good.includes(result.code)) request.resolve({ result, value });
    else request.reject(new LdapError(operation.name, result));
  }

  /** Ends every request: the connection is gone, and what was sent may still be carried out. */
  failAll(error: LinkError): void {
    clearInterval(this.#sweep);
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const { reject, operation } of all) {
      const message = `${error.message}, during the ${operation.name}`;
      reject(new LinkError(error.kind, message, { sent: true, cause: error.cause }));
    }
  }

  #checkDeadlines(): void {
    if (this.#open.size === 0) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
      return;
    }
    const now = performance.now();
    for (const [id, request] of this.#open) {
      // While a reader is behind, it is not the server that takes its time.
      if (this.#isResting()) request.deadline += sweepInterval;
      else if (request.deadline <= now) this.#onExpired(id, request);
    }
  }
}
