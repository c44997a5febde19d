import type { Socket } from 'node:net';

import { AttributeNames } from './attribute-names.ts';
import { InputBuffer } from './input-buffer.ts';
import type { LdapControl } from './ldap-control.ts';
import { LinkError } from './link-error.ts';
import { type Answer, readMessage } from './message-reader.ts';
import type { Operation, OperationOptions } from './operation.ts';
import { RequestOutput } from './request-output.ts';
import { type Outcome, RequestTable } from './request-table.ts';
import { type WriteRequest, writeAbandon, writeUnbind } from './request-writer.ts';
import type { SearchItem } from './search-entry.ts';

/** How long one answer may take where the caller does not say, milliseconds. */
const defaultTimeout = 30_000;

/** What a search hears while it runs. */
export interface SearchListener {
  readonly onId: (id: number) => void;
  readonly onItem: (item: SearchItem) => void;
  /** Takes entries as they were sent. */
  readonly isEncoded?: boolean;
}

/**
 * Requests out and answers in over one socket (RFC 4511 5.1). Once lost it stays closed, so that no request ever
 * leaves unauthenticated or unprotected.
 */
export class LdapLink {
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
  readonly #output: RequestOutput;
  readonly #names = new AttributeNames();
  readonly #isEncoded = (id: number): boolean => this.#requests.isEncoded(id);
  readonly #onClose: ((error: LinkError) => void)[] = [];
  #lastId = 0;
  #closed: LinkError | undefined;

  constructor(socket: Socket, secure: boolean, largestMessage?: number) {
    this.#socket = socket;
    this.secure = secure;
    this.#input = new InputBuffer(largestMessage);
    this.#output = new RequestOutput(socket);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (cause) =>
      this.#end(new LinkError('closed', `The connection was lost: ${cause.message}`, { cause })),
    );
    socket.on('close', () => {
      this.#output.discard();
      this.#end(new LinkError('closed', 'The server closed the connection'));
    });
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Calls back when the connection is lost or closed. */
  onClose(listener: (error: LinkError) => void): void {
    if (this.#closed === undefined) this.#onClose.push(listener);
    else listener(this.#closed);
  }

  /** Sends one request and resolves with its answer; entries of a search go to `search`. */
  ask(
    operation: Operation,
    write: WriteRequest,
    { signal, controls, timeout = defaultTimeout }: OperationOptions,
    search?: SearchListener,
  ): Promise<Outcome> {
    if (this.#closed !== undefined)
      return Promise.reject(new LinkError(this.#closed.kind, this.#closed.message));
    if (signal?.aborted)
      return Promise.reject(new LinkError('aborted', `The ${operation.name} was given up`));
    return new Promise((resolve, reject) => {
      const id = this.#send(write, controls);
      search?.onId(id);
      const onAbort = (): void =>
        this.#giveUp(id, new LinkError('aborted', `The ${operation.name} was given up`, { sent: true }));
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#requests.add(id, {
        operation,
        timeout,
        onItem: search?.onItem,
        isEncoded: search?.isEncoded === true,
        resolve: (outcome) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(outcome);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      });
      this.goOn();
    });
  }

  /** Tells the server that nobody reads a search any more; does nothing to one that has ended. */
  abandon(id: number): void {
    if (this.#requests.has(id)) this.#giveUp(id, new LinkError('aborted', 'The search was given up'));
  }

  /** Reads no more until `goOn`, unless another request waits: its answer may come behind what the reader left. */
  rest(): void {
    if (this.#requests.size <= 1) this.#socket.pause();
  }

  goOn(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Says goodbye and closes; idempotent. */
  async close(): Promise<void> {
    if (this.#closed !== undefined) return;
    this.#send(writeUnbind, undefined);
    this.#output.end();
    this.#socket.once('finish', () => this.#socket.destroy());
    // A server that no longer reads must not keep this process alive.
    this.#socket.unref();
    this.#end(new LinkError('closed', 'The connection was closed here'));
  }

  #send(write: WriteRequest, controls: readonly LdapControl[] | undefined): number {
    // Numbers run to 2^31 - 1 (RFC 4511 4.1.1.1); nobody keeps a request open for a whole turn.
    this.#lastId = this.#lastId >= 0x7fffffff ? 1 : this.#lastId + 1;
    this.#output.send(write(this.#lastId, controls));
    return this.#lastId;
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
      for (const message of this.#input.push(chunk))
        this.#answer(readMessage(message, this.#names, this.#isEncoded));
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
