import type { Socket } from 'node:net';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { nextPage, pagedResults } from './controls/paged-results.ts';
import { dial, type LdapEndpoint } from './dial.ts';
import { InputBuffer } from './input-buffer.ts';
import type { LdapControl } from './ldap-control.ts';
import type { LdapResult } from './ldap-error.ts';
import { LinkError } from './link-error.ts';
import { type Answer, readMessage } from './message-reader.ts';
import { type Operation, operations } from './operation.ts';
import { type Outcome, RequestTable } from './request-table.ts';
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
/** Entries that are collected at once where the caller sets no limit; more has to be streamed. */
const mostEntries = 100_000;
/** compareTrue. */
const isEqual = 6;

export interface OperationOptions {
  readonly controls?: readonly LdapControl[];
  /** Milliseconds per answer. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface SearchRequest extends SearchParameters, OperationOptions {
  /** Entries per page (RFC 2696); the search is not paged where absent. */
  readonly pageSize?: number;
}

/**
 * One connection to a directory (RFC 4511). It never comes back by itself: once lost, it stays closed, so that no
 * request ever leaves unauthenticated or unprotected. Answers without a good result reject with `LdapError`,
 * failures of the link with `LinkError`; after a time-out of anything but a search the connection is destroyed,
 * since the server may still be at it.
 */
export class LdapConnection {
  readonly #socket: Socket;
  /** Whether what is sent travels protected: TLS or a local socket. */
  readonly secure: boolean;
  readonly #requests = new RequestTable(
    (id, { operation, timeout }) =>
      this.#giveUp(
        id,
        new LinkError('timeout', `No answer to the ${operation.name} within ${timeout} ms`, { sent: true }),
      ),
    () => this.#socket.isPaused(),
  );
  readonly #input: InputBuffer;
  readonly #onClose: ((error: LinkError) => void)[] = [];
  #lastId = 0;
  #closed: LinkError | undefined;

  constructor(socket: Socket, secure: boolean, largestMessage?: number) {
    this.#socket = socket;
    this.secure = secure;
    this.#input = new InputBuffer(largestMessage);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (cause) =>
      this.#end(new LinkError('closed', `The connection was lost: ${cause.message}`, { cause })),
    );
    socket.on('close', () => this.#end(new LinkError('closed', 'The server closed the connection')));
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
    // An empty name or password is an anonymous bind, which servers answer with success (RFC 4513 5.1.1, 5.1.2).
    if (password.length === 0 || dn === '')
      throw new LinkError('insecure', 'A bind without a name or a password proves nothing');
    return this.#ask(operations.bind, writeSimpleBind(dn, password.bytes), options);
  }

  /** One step of a SASL bind; code 14 with a challenge means go on. */
  saslStep(
    mechanism: string,
    credentials: Uint8Array | undefined,
    options: OperationOptions = {},
  ): Promise<Outcome> {
    return this.#ask(operations.bind, writeSaslBind(mechanism, credentials), options);
  }

  /** Streams a search; the connection rests while the reader is behind. Its return value is the server's result. */
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
    const limit = request.sizeLimit ?? mostEntries;
    const entries: SearchEntry[] = [];
    for await (const item of this.search(request)) {
      if (item.kind !== 'entry') continue;
      if (entries.length >= limit)
        throw new LinkError('protocol', `The server sent more than ${limit} entries`);
      entries.push(item);
    }
    return entries;
  }

  modify(dn: string, changes: readonly AttributeChange[], options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask(operations.modify, writeModify(dn, changes), options);
  }

  add(
    dn: string,
    attributes: Readonly<Record<string, readonly (Uint8Array | string)[]>>,
    options: OperationOptions = {},
  ): Promise<Outcome> {
    return this.#ask(operations.add, writeAdd(dn, attributes), options);
  }

  delete(dn: string, options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask(operations.delete, writeDelete(dn), options);
  }

  rename(dn: string, newRdn: string, newParent?: string, options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask(operations.rename, writeRename(dn, newRdn, newParent), options);
  }

  async compare(
    dn: string,
    attribute: string,
    value: Uint8Array,
    options: OperationOptions = {},
  ): Promise<boolean> {
    const { result } = await this.#ask(operations.compare, writeCompare(dn, attribute, value), options);
    return result.code === isEqual;
  }

  /** An extended operation; `value` is wiped by whoever made it. */
  extended(oid: string, value: Uint8Array | undefined, options: OperationOptions = {}): Promise<Outcome> {
    return this.#ask(operations.extended, writeExtended(oid, value), options);
  }

  /** Says goodbye and closes; idempotent. */
  async close(): Promise<void> {
    if (this.#closed !== undefined) return;
    this.#send(writeUnbind, undefined);
    // A server that no longer reads must not keep this process alive.
    this.#socket.destroySoon();
    this.#socket.unref();
    this.#end(new LinkError('closed', 'The connection was closed here'));
  }

  async *#searchOnce(request: SearchRequest): AsyncGenerator<SearchItem, LdapResult, void> {
    const stream = new SearchStream({
      // Another request's answer may come behind these entries, and the reader may be waiting for just that.
      rest: () => {
        if (this.#requests.size <= 1) this.#socket.pause();
      },
      goOn: () => this.#goOn(),
    });
    let id: number | undefined;
    this.#ask(
      operations.search,
      writeSearch(request),
      request,
      (item) => stream.push(item),
      (number) => {
        id = number;
      },
    ).then(
      ({ result }) => stream.finish(result),
      (error: unknown) => stream.fail(error),
    );
    try {
      return yield* stream.read();
    } finally {
      // The reader left early: the server need not go on.
      if (id !== undefined) this.#giveUp(id, new LinkError('aborted', 'The search was given up'));
      this.#goOn();
    }
  }

  #ask(
    operation: Operation,
    write: WriteRequest,
    { signal, controls, timeout = defaultTimeout }: OperationOptions,
    onItem?: (item: SearchItem) => void,
    onId?: (id: number) => void,
  ): Promise<Outcome> {
    if (this.#closed !== undefined)
      return Promise.reject(new LinkError(this.#closed.kind, this.#closed.message));
    if (signal?.aborted)
      return Promise.reject(new LinkError('aborted', `The ${operation.name} was given up`));
    return new Promise((resolve, reject) => {
      const id = this.#send(write, controls);
      onId?.(id);
      const onAbort = (): void =>
        this.#giveUp(id, new LinkError('aborted', `The ${operation.name} was given up`, { sent: true }));
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#requests.add(id, {
        operation,
        timeout,
        onItem,
        resolve: (outcome) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(outcome);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      });
      this.#goOn();
    });
  }

  #send(write: WriteRequest, controls: readonly LdapControl[] | undefined): number {
    // Numbers run to 2^31 - 1 (RFC 4511 4.1.1.1); nobody keeps a request open for a whole turn.
    this.#lastId = this.#lastId >= 0x7fffffff ? 1 : this.#lastId + 1;
    const request = write(this.#lastId, controls);
    this.#socket.write(request.finish(), () => request.wipe());
    return this.#lastId;
  }

  #goOn(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Ends one request from this side. A search can be abandoned; anything else leaves the connection in doubt. */
  #giveUp(id: number, error: LinkError): void {
    const request = this.#requests.remove(id);
    if (request === undefined) return;
    request.reject(error);
    if (this.#closed !== undefined) return;
    if (request.onItem !== undefined) this.#send(writeAbandon(id), undefined);
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
    if (answer.id !== 0) {
      this.#requests.answer(answer);
      return;
    }
    // An unsolicited notification; the one that exists is the notice of disconnection (RFC 4511 4.4.1).
    const words = answer.kind === 'result' ? answer.result.diagnostic : '';
    this.#destroy(new LinkError('closed', `The server ended the connection: ${words}`));
  }

  #destroy(error: LinkError): void {
    this.#end(error);
    this.#socket.destroy();
  }

  #end(error: LinkError): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    this.#requests.failAll(error);
    for (const listener of this.#onClose.splice(0)) listener(error);
  }
}

/** Opens a connection that is not signed in yet. */
export async function openLdap(endpoint: LdapEndpoint, signal?: AbortSignal): Promise<LdapConnection> {
  const { socket, secure } = await dial(endpoint, signal);
  return new LdapConnection(socket, secure, endpoint.largestMessage);
}
