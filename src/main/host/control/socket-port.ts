import type { Socket } from 'node:net';

import { FramePort } from '#shared/rpc/frame-port.ts';
import { LineDecoder, lineLimit } from '#shared/rpc/line-decoder.ts';

/** Bytes that may wait for a slow reader before events are left out, and before the connection is given up. */
const congestedAt = 256 * 1024;
const hopelessAt = 64 * 1024 * 1024;

/** Frames as lines of JSON over a local socket. */
export class SocketPort extends FramePort {
  readonly #socket: Socket;
  readonly #decoder: LineDecoder;

  constructor(socket: Socket, longest = lineLimit) {
    super(longest);
    this.#decoder = new LineDecoder(longest);
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('The peer closed the connection'));
  }

  get congested(): boolean {
    return this.#socket.writableLength > congestedAt;
  }

  protected override transmit(frame: unknown): void {
    this.#socket.write(`${JSON.stringify(frame)}\n`);
    if (this.#socket.writableLength > hopelessAt) this.close('The peer does not read');
  }

  protected override disconnect(): void {
    // Lets a last answer out before the end.
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) {
        if (!this.open) return;
        this.deliver(frame);
      }
    } catch (error) {
      this.close(error instanceof Error ? error.message : 'Protocol error');
    } finally {
      // A line may have brought a secret.
      chunk.fill(0);
    }
  }
}
