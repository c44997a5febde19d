import type { Socket } from 'node:net';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { nextPage, pagedResults } from './controls/paged-results.ts';
import { dial, type LdapEndpoint } from './dial.ts';
import { InputBuffer } from './input-buffer.ts';
import type { LdapControl } from './ldap-control.ts';
import { LdapError, type LdapResult } from './ldap-error.ts';
import { LinkError } from './link-error.ts';
import { type Answer, readMessage } from './message-reader.ts';
import {
  type AttributeChange,
  type SearchParameters,
  type WriteRequest,
  writeAbandon,
  writeAdd,
  writeCompare,
  writeDelete,
  writeExtended,
  writeModify,
  writeRename,
  writeSaslBind,
  writeSearch,
  writeSimpleBind,
  writeUnbind,
} from './request-writer.ts';
import type { SearchEntry, SearchItem } from './search-entry.ts';
import { SearchStream } from './search-stream.ts';

/** How long one answer may take where the caller does not say, milliseconds. */
const defaultTimeout = 30_000;
/** How often open requests are looked at for their time limits, milliseconds. */
const sweepInterval = 100;
/** Result codes that end an operation well: success, compareFalse, compareTrue, saslBindInProgress. */
const goodCodes = new Set([0, 5, 6, 14]);

export interface OperationOptions {
  readonly controls?: readonly LdapControl[];
  /** Milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface SearchRequest extends SearchParameters, OperationOptions {
  /** Entries per page (RFC 2696); the search is not paged where absent. */
  readonly pageSize?: number;
}

export interface Outcome {
  readonly result: LdapResult;
  readonly value: Uint8Array | undefined;
}

interface Pending {
  readonly operation: string;
  deadline: number;
  readonly timeout: number;
  readonly onItem: ((item: SearchItem) => void) | undefined;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: LinkError | LdapError) => void;
}

/**
 * One connection to a directory (RFC 4511). It never comes back by itself: once lost, it stays closed, so that no
 * request ever leaves unauthenticated or unprotected. Answers without a good result reject with `LdapError`,
 * failures of the link with `LinkError`; after a time-out of anything but a search the connection is destroyed,
 * since the server may still be at it.
 */
export class LdapConnection {
  readonly #socket: Socket;
  #secure: boolean;
  readonly #pending = new Map<number, Pending>();
  readonly #input = new InputBuffer();
  readonly #onClose: ((error: LinkError) => void)[] = [];
  #lastId = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closed: LinkError | undefined;

  constructor(socket: Socket, secure: boolean) {
    this.#socket = socket;
    this.#secure = secure;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (cause) =>
      this.#end(new LinkError('closed', `The connection was lost: ${cause.message}`, { cause })),
    );
    socket.on('close', () => this.#end(new LinkError('closed', 'The server closed the connection')));
  }

  /** Whether what is sent travels protected: TLS, a sealed SASL layer, or a local socket. */
  get secure(): boolean {
    return this.#secure;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Calls back when the connection is lost or closed. */
  onClose(listener: (error: LinkError) => void): void {
    if (this.#closed === undefined) this.#onClose.push(listener);
    else listener(this.#closed);
  }

  /** Simple bind. Refuses to send a password over an unprotected link before a byte leaves. */
  async bindSimple(dn: string, password: SecretBytes, options: OperationOptions = {}): Promise<Outcome> {
    if (!this.secure) throw new LinkError('insecure', 'A password is not sent over a connection without TLS');
    // An empty password is an unauthenticated bind, which servers answer with success (RFC 4513 5.1.2).
    if (password.length === 0)
      throw new LinkError('insecure', 'A bind with an empty password proves nothing');
    return this.#ask('bind', writeSimpleBind(dn, password.bytes), options);
  }

  /** One step of a SASL bind; code 14 with a challenge means go on. */
  saslStep(
    mechanism: string,
    credentials: Uint8Array | undefined,
    options: OperationOptions = {},
  ): Promise<Outcome> {
    return this.#ask('bind', writeSaslBind(mechanism, credentials), options);
  }

  /** Streams a search; the socket rests while the reader is behind. Controls of the result come as its return value. */
  async *search(request: SearchRequest): AsyncGenerator<SearchItem, LdapResult, void> {
    let cookie: Uint8Array | undefined;
    for (;;) {
      const page = request.pageSize === undefined ? [] : [pagedResults(request.pageSize, cookie)];
      const controls = [...(request.controls ?? []), ...page];
      const result = yield* this.#searchOnce({ ...request, controls });
      cookie = request.pageSize === undefined ? undefined : nextPage(result.controls);
      if (cookie === undefined) return result;
    }
  }

  /** All entries of a search at once, without references. */
  async searchEntries(request: SearchRequest): Promise<SearchEntry[]> {
    const entries: SearchEntry[] = [];
    for await (const item of this.search(request)) if (item.kind === 'entry') entries.push(item);
    return entries;
  }

  modify(dn: string, changes: readonly AttributeChange[], options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask('modify', writeModify(dn, changes), options);
  }

  add(
    dn: string,
    attributes: Readonly<Record<string, readonly (Uint8Array | string)[]>>,
    options: OperationOptions = {},
  ): Promise<Outcome> {
    return this.#ask('add', writeAdd(dn, attributes), options);
  }

  delete(dn: string, options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask('delete', writeDelete(dn), options);
  }

  rename(dn: string, newRdn: string, newParent?: string, options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask('rename', writeRename(dn, newRdn, newParent), options);
  }

  async compare(
    dn: string,
    attribute: string,
    value: Uint8Array,
    options: OperationOptions = {},
  ): Promise<boolean> {
    const { result } = await this.#ask('compare', writeCompare(dn, attribute, value), options);
    return result.code === 6;
  }

  /** An extended operation; `value` is wiped by whoever made it. */
  extended(oid: string, value: Uint8Array | undefined, options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask('extended operation', writeExtended(oid, value), options);
  }

  /** Says goodbye and closes; idempotent. */
  async close(): Promise<void> {
    if (this.#closed !== undefined) return;
    this.#send(writeUnbind, undefined);
    this.#socket.end();
    this.#end(new LinkError('closed', 'The connection was closed here'));
  }

  async *#searchOnce(request: SearchRequest): AsyncGenerator<SearchItem, LdapResult, void> {
    const stream = new SearchStream(this.#socket);
    let id: number | undefined;
    const done = this.#ask(
      'search',
      writeSearch(request),
      request,
      (item) => stream.push(item),
      (number) => {
        id = number;
      },
    );
    done.then(
      ({ result }) => stream.finish(result),
      (error: unknown) => stream.fail(error),
    );
    try {
      return yield* stream.read();
    } finally {
      // The reader left early: the server need not go on.
      if (id !== undefined && this.#pending.delete(id) && this.#closed === undefined)
        this.#send(writeAbandon(id), undefined);
      stream.release();
    }
  }

  #ask(
    operation: string,
    write: WriteRequest,
    options: OperationOptions,
    onItem?: (item: SearchItem) => void,
    onId?: (id: number) => void,
  ): Promise<Outcome> {
    const { signal } = options;
    if (this.#closed !== undefined)
      return Promise.reject(new LinkError(this.#closed.kind, this.#closed.message));
    if (signal?.aborted) return Promise.reject(new LinkError('aborted', `The ${operation} was given up`));
    return new Promise((resolve, reject) => {
      const timeout = options.timeout ?? defaultTimeout;
      const id = this.#send(write, options.controls);
      onId?.(id);
      const onAbort = (): void =>
        this.#giveUp(id, new LinkError('aborted', `The ${operation} was given up`, { sent: true }));
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', onAbort);
          then(value);
        };
      signal?.addEventListener('abort', onAbort, { once: true });
      const deadline = performance.now() + timeout;
      this.#pending.set(id, {
        operation,
        deadline,
        timeout,
        onItem,
        resolve: settle(resolve),
        reject: settle(reject),
      });
      this.#sweep ??= setInterval(() => this.#checkDeadlines(), sweepInterval).unref();
    });
  }

  #send(write: WriteRequest, controls: readonly LdapControl[] | undefined): number {
    // Numbers run to 2^31 - 1 (RFC 4511 4.1.1.1); nobody keeps a request open for a whole turn.
    this.#lastId = this.#lastId >= 0x7fffffff ? 1 : this.#lastId + 1;
    const request = write(this.#lastId, controls);
    this.#socket.write(request.finish(), () => request.wipe());
    return this.#lastId;
  }

  #checkDeadlines(): void {
    if (this.#pending.size === 0) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
      return;
    }
    const now = performance.now();
    for (const [id, { deadline, operation, timeout }] of this.#pending) {
      if (deadline > now) continue;
      this.#giveUp(
        id,
        new LinkError('timeout', `No answer to the ${operation} within ${timeout} ms`, { sent: true }),
      );
    }
  }

  /** Ends one request from this side. A search can be abandoned; anything else leaves the connection in doubt. */
  #giveUp(id: number, error: LinkError): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.reject(error);
    if (pending.onItem !== undefined && this.#closed === undefined) this.#send(writeAbandon(id), undefined);
    else this.#destroy(new LinkError('closed', `The connection was given up: ${error.message}`));
  }

  #take(chunk: Buffer): void {
    try {
      for (const message of this.#input.push(chunk)) this.#answer(readMessage(message));
    } catch (error) {
      this.#destroy(
        error instanceof LinkError
          ? error
          : new LinkError('protocol', 'The server sent garbage', { cause: error }),
      );
    }
  }

  #answer(answer: Answer): void {
    if (answer.id === 0) {
      const words = answer.kind === 'result' ? answer.result.diagnostic : '';
      this.#destroy(new LinkError('closed', `The server ended the connection: ${words}`));
      return;
    }
    const pending = this.#pending.get(answer.id);
    // Of a request that was given up.
    if (pending === undefined) return;
    if (answer.kind === 'item') {
      pending.deadline = performance.now() + pending.timeout;
      pending.onItem?.(answer.item);
      return;
    }
    this.#pending.delete(answer.id);
    const { result, value } = answer;
    if (goodCodes.has(result.code)) pending.resolve({ result, value });
    else pending.reject(new LdapError(pending.operation, result));
  }

  #destroy(error: LinkError): void {
    this.#end(error);
    this.#socket.destroy();
  }

  #end(error: LinkError): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    clearInterval(this.#sweep);
    for (const { reject, operation } of this.#pending.values()) {
      reject(
        new LinkError(error.kind, `${error.message}, during the ${operation}`, {
          sent: true,
          cause: error.cause,
        }),
      );
    }
    this.#pending.clear();
    for (const listener of this.#onClose.splice(0)) listener(error);
  }
}

/** Opens a connection that is not signed in yet. */
export async function openLdap(endpoint: LdapEndpoint, signal?: AbortSignal): Promise<LdapConnection> {
  const { socket, secure } = await dial(endpoint, signal);
  return new LdapConnection(socket, secure);
}
