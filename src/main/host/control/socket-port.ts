import type { Socket } from 'node:net';

import { LineDecoder } from '#shared/rpc/line-decoder.ts';
import type { Port } from '#shared/rpc/port.ts';

/** Bytes that may wait for a slow reader before events are left out, and before the connection is given up. */
const congestedAt = 256 * 1024;
const hopelessAt = 64 * 1024 * 1024;

/** Frames as lines of JSON over a local socket. */
export class SocketPort implements Port {
  readonly #socket: Socket;
  readonly #decoder = new LineDecoder();
  readonly #waiting: unknown[] = [];
  readonly #onClose: ((reason: string) => void)[] = [];
  #listener: ((frame: unknown) => void) | undefined;
  #reason: string | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('The peer closed the connection'));
  }

  get congested(): boolean {
    return this.#socket.writableLength > congestedAt;
  }

  send(frame: unknown): void {
    if (this.#reason !== undefined) return;
    this.#socket.write(`${JSON.stringify(frame)}\n`);
    if (this.#socket.writableLength > hopelessAt) this.close('The peer does not read');
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
    this.#reason = reason;
    // Lets a last answer out before the end.
    this.#socket.end();
    this.#socket.destroySoon();
    for (const listener of this.#onClose.splice(0)) listener(reason);
  }

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) {
        if (this.#reason !== undefined) return;
        if (this.#listener === undefined) this.#waiting.push(frame);
        else this.#listener(frame);
      }
    } catch (error) {
      this.close(error instanceof Error ? error.message : 'Protocol error');
    } finally {
      // A line may have brought a secret.
      chunk.fill(0);
    }
  }
}
