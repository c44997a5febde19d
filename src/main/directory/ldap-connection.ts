import type { Socket } from 'node:net';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { nextPage, pagedResults } from './controls/paged-results.ts';
import { dial, type LdapEndpoint } from './dial.ts';
import type { LdapResult } from './ldap-error.ts';
import { LdapLink } from './ldap-link.ts';
import { LinkError } from './link-error.ts';
import { type OperationOptions, operations } from './operation.ts';
import type { Outcome } from './request-table.ts';
import {
  type AttributeChange,
  type SearchParameters,
  writeAdd,
  writeCompare,
  writeDelete,
  writeExtended,
  writeModify,
  writeRename,
  writeSaslBind,
  writeSearch,
  writeSimpleBind,
} from './request-writer.ts';
import type { SearchEntry, SearchItem } from './search-entry.ts';
import { SearchStream } from './search-stream.ts';

/** Entries that are collected at once where the caller sets no limit; more has to be streamed. */
const mostEntries = 100_000;
/** compareTrue. */
const isEqual = 6;

export interface SearchRequest extends SearchParameters, OperationOptions {
  /** Entries per page (RFC 2696); the search is not paged where absent. */
  readonly pageSize?: number;
  /** Gives entries as they were sent, as `EncodedEntry`. */
  readonly encoded?: boolean;
}

/**
 * One connection to a directory (RFC 4511). It never comes back by itself: once lost, it stays closed, so that no
 * request ever leaves unauthenticated or unprotected. Answers without a good result reject with `LdapError`,
 * failures of the link with `LinkError`; after a time-out of anything but a search the connection is destroyed,
 * since the server may still be at it.
 */
export class LdapConnection {
  readonly #link: LdapLink;

  constructor(socket: Socket, secure: boolean, largestMessage?: number) {
    this.#link = new LdapLink(socket, secure, largestMessage);
  }

  /** Whether what is sent travels protected: TLS or a local socket. */
  get secure(): boolean {
    return this.#link.secure;
  }

  get closed(): boolean {
    return this.#link.closed;
  }

  /** Calls back when the connection is lost or closed. */
  onClose(listener: (error: LinkError) => void): void {
    this.#link.onClose(listener);
  }

  /** Simple bind. Refuses to send a password over an unprotected link before a byte leaves. */
  async bindSimple(dn: string, password: SecretBytes, options: OperationOptions = {}): Promise<Outcome> {
    if (!this.secure) throw new LinkError('insecure', 'A password is not sent over a connection without TLS');
    // An empty name or password is an anonymous bind, which servers answer with success (RFC 4513 5.1.1, 5.1.2).
    if (password.length === 0 || dn === '')
      throw new LinkError('insecure', 'A bind without a name or a password proves nothing');
    return this.#link.ask(operations.bind, writeSimpleBind(dn, password.bytes), options);
  }

  /** One step of a SASL bind; code 14 with a challenge means go on. */
  saslStep(
    mechanism: string,
    credentials: Uint8Array | undefined,
    options: OperationOptions = {},
  ): Promise<Outcome> {
    return this.#link.ask(operations.bind, writeSaslBind(mechanism, credentials), options);
  }

  /** Streams a search; the connection rests while the reader is behind. Its return value is the server's result. */
  async *search(request: SearchRequest): AsyncGenerator<SearchItem, LdapResult, void> {
    const batches = this.searchBatches(request);
    for (;;) {
      const next = await batches.next();
      if (next.done) return next.value;
      yield* next.value;
    }
  }

  /**
   * The same, with what has come so far at a time. The next page is asked for as soon as the one before it has
   * ended, so that the server works while the reader does.
   */
  async *searchBatches(request: SearchRequest): AsyncGenerator<readonly SearchItem[], LdapResult, void> {
    const link = this.#link;
    const stream = new SearchStream({ rest: () => link.rest(), goOn: () => link.goOn() });
    let id: number | undefined;
    let isLeft = false;
    const listener = {
      onId: (number: number): void => {
        id = number;
      },
      onItem: (item: SearchItem): void => stream.push(item),
      isEncoded: request.encoded === true,
    };
    const ask = async (): Promise<void> => {
      const { pageSize, controls = [] } = request;
      let cookie: Uint8Array | undefined;
      while (!isLeft) {
        const page = pageSize === undefined ? [] : [pagedResults(pageSize, cookie)];
        const asked = { ...request, controls: [...controls, ...page] };
        const { result } = await link.ask(operations.search, writeSearch(asked), asked, listener);
        cookie = pageSize === undefined ? undefined : nextPage(result.controls);
        if (cookie === undefined) return stream.finish(result);
      }
    };
    ask().catch((error: unknown) => stream.fail(error));
    try {
      return yield* stream.read();
    } finally {
      isLeft = true;
      // The reader left early: the server need not go on.
      if (id !== undefined) link.abandon(id);
      link.goOn();
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
    return this.#link.ask(operations.modify, writeModify(dn, changes), options);
  }

  add(
    dn: string,
    attributes: Readonly<Record<string, readonly (Uint8Array | string)[]>>,
    options: OperationOptions = {},
  ): Promise<Outcome> {
    return this.#link.ask(operations.add, writeAdd(dn, attributes), options);
  }

  delete(dn: string, options: OperationOptions = {}): Promise<Outcome> {
    return this.#link.ask(operations.delete, writeDelete(dn), options);
  }

  rename(dn: string, newRdn: string, newParent?: string, options: OperationOptions = {}): Promise<Outcome> {
    return this.#link.ask(operations.rename, writeRename(dn, newRdn, newParent), options);
  }

  async compare(
    dn: string,
    attribute: string,
    value: Uint8Array,
    options: OperationOptions = {},
  ): Promise<boolean> {
    const { result } = await this.#link.ask(operations.compare, writeCompare(dn, attribute, value), options);
    return result.code === isEqual;
  }

  /** An extended operation; `value` is wiped by whoever made it. */
  extended(oid: string, value: Uint8Array | undefined, options: OperationOptions = {}): Promise<Outcome> {
    return this.#link.ask(operations.extended, writeExtended(oid, value), options);
  }

  /** Says goodbye and closes; idempotent. */
  close(): Promise<void> {
    return this.#link.close();
  }
}

/** Opens a connection that is not signed in yet. */
export async function openLdap(endpoint: LdapEndpoint, signal?: AbortSignal): Promise<LdapConnection> {
  const { socket, secure } = await dial(endpoint, signal);
  return new LdapConnection(socket, secure, endpoint.largestMessage);
}
