import type { WebSocket } from 'ws';

import type { Port } from '#shared/rpc/port.ts';

/** Bytes that may wait for a slow page before events are left out, and before the connection is given up. */
const congestedAt = 256 * 1024;
const givenUpAt = 16 * 1024 * 1024;

/** The contract over a WebSocket, one JSON text a frame. The server's options bound a frame's size. */
export class WebSocketPort implements Port {
  readonly #socket: WebSocket;
  readonly #waiting: unknown[] = [];
  readonly #onClose: ((reason: string) => void)[] = [];
  #listener: ((frame: unknown) => void) | undefined;
  #reason: string | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, binary) => this.#take(data.toString(), binary));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.#end('The page is gone'));
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > congestedAt;
  }

  send(frame: unknown): void {
    if (this.#reason !== undefined) return;
    if (this.#socket.bufferedAmount > givenUpAt) this.close('The page does not read');
    else this.#socket.send(JSON.stringify(frame));
  }

  receive(listener: (frame: unknown) => void): void {
    this.#listener = listener;
    for (const frame of this.#waiting.splice(0)) listener(frame);
  }

  closed(listener: (reason: string) => void): void {
    if (this.#reason === undefined) this.#onClose.push(listener);
    else listener(this.#reason);
  }

  close(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#end(reason);
    // A close frame holds 123 bytes of reason (RFC 6455 5.5).
    this.#socket.close(1000, Buffer.from(reason).subarray(0, 120).toString());
  }

  #take(text: string, binary: boolean): void {
    if (this.#reason !== undefined) return;
    let frame: unknown;
    try {
      if (binary) throw new SyntaxError('binary');
      frame = JSON.parse(text);
    } catch {
      this.close('A frame is not JSON');
      return;
    }
    if (this.#listener === undefined) this.#waiting.push(frame);
    else this.#listener(frame);
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    for (const listener of this.#onClose.splice(0)) listener(this.#reason);
  }
}
