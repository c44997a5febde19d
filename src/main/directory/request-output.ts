import type { Writable } from 'node:stream';

import type { BerWriter } from './ber-writer.ts';

/**
 * Writes requests to a socket. All that come while a write is under way leave together in the next: never a second write
 * beside the first, which Node would join to it in memory that nobody wipes.
 */
export class RequestOutput {
  readonly #socket: Writable;
  #waiting: BerWriter[] = [];
  #leaving: Uint8Array | undefined;
  #isEnding = false;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Takes the request over, and wipes it once it has left. */
  send(request: BerWriter): void {
    if (this.#isEnding || this.#socket.destroyed) {
      request.wipe();
      return;
    }
    this.#waiting.push(request);
    if (this.#leaving === undefined) this.#flush();
  }

  /** Closes this side of the socket behind the last request. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (this.#leaving === undefined) this.#socket.end();
  }

  /** Wipes what is left, once the socket is gone: a write that was cut off has no callback. */
  discard(): void {
    this.#isEnding = true;
    for (const request of this.#waiting.splice(0)) request.wipe();
    this.#leaving?.fill(0);
  }

  #flush(): void {
    const requests = this.#waiting;
    if (requests.length === 0) {
      if (this.#isEnding) this.#socket.end();
      return;
    }
    this.#waiting = [];
    const leaving = join(requests.map((request) => request.finish()));
    for (const request of requests) request.wipe();
    this.#leaving = leaving;
    this.#socket.write(leaving, () => {
      leaving.fill(0);
      this.#leaving = undefined;
      this.#flush();
    });
  }
}

/** A copy in memory of its own. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(new ArrayBuffer(parts.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
