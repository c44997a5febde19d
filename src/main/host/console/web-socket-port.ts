import type { WebSocket } from 'ws';

import { FramePort } from '#shared/rpc/frame-port.ts';

/** Bytes that may wait for a slow page before events are left out, and before the connection is given up. */
const congestedAt = 256 * 1024;
const hopelessAt = 64 * 1024 * 1024;

/** The contract over a WebSocket, one JSON text a frame. The server's options bound a frame's size. */
export class WebSocketPort extends FramePort {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('message', (data, binary) => this.deliverText(binary ? undefined : data.toString()));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.end('The page is gone'));
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > congestedAt;
  }

  protected override transmit(frame: unknown): void {
    if (this.#socket.bufferedAmount > hopelessAt) this.close('The page does not read');
    else this.#socket.send(JSON.stringify(frame));
  }

  protected override disconnect(reason: string): void {
    // A close frame holds 123 bytes of reason (RFC 6455 5.5).
    this.#socket.close(1000, Buffer.from(reason).subarray(0, 120).toString());
  }
}
