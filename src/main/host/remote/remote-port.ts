import type { RawData, WebSocket } from 'ws';

import type { ChannelClock } from '#channel/channel-clock.ts';
import { decodeByteFrame, encodeByteFrame } from '#shared/rpc/byte-frame.ts';
import { FramePort } from '#shared/rpc/frame-port.ts';

/** Bytes that may wait for a slow peer before events are left out, and before the connection is given up. */
const congestedAt = 256 * 1024;
const hopelessAt = 64 * 1024 * 1024;
/** Pause between two pings, and how many of them may stay without an answer, milliseconds. */
const pingInterval = 4000;
const silenceLimit = 12_000;

export interface RemotePortOptions {
  readonly clock: ChannelClock;
  /** Who is at the other end, for the reason of the end. */
  readonly peer: string;
  readonly carriesSecrets: boolean;
  /** Longest frame that comes as text, characters; default that of a service. */
  readonly longest?: number;
}

/**
 * The contract over an authenticated WebSocket: a frame is JSON text, or with bytes in it one binary message. Both ends
 * ping, so that a network that is gone shows within seconds.
 */
export class RemotePort extends FramePort {
  readonly carriesSecrets: boolean;
  readonly #socket: WebSocket;
  readonly #clock: ChannelClock;
  readonly #peer: string;
  #heardAt: number;
  #cancelPing: () => void;

  constructor(socket: WebSocket, { clock, peer, carriesSecrets, longest }: RemotePortOptions) {
    super(longest);
    this.#socket = socket;
    this.#clock = clock;
    this.#peer = peer;
    this.carriesSecrets = carriesSecrets;
    this.#heardAt = clock.now();
    this.#cancelPing = clock.schedule(pingInterval, () => this.#ping());
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => this.#hear());
    socket.on('ping', () => this.#hear());
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', (_code, reason) => {
      this.#cancelPing();
      this.end(reason.length > 0 ? reason.toString() : `${peer} closed the connection`);
    });
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > congestedAt;
  }

  protected override transmit(frame: unknown): void {
    if (this.#socket.bufferedAmount > hopelessAt) {
      this.close('The peer does not read');
      return;
    }
    const message = encodeByteFrame(frame);
    if (message === undefined) this.#socket.send(JSON.stringify(frame));
    // The socket keeps the message until it is written, and takes no copy of it.
    else this.#socket.send(message, () => message.fill(0));
  }

  protected override disconnect(reason: string): void {
    this.#cancelPing();
    // A close frame holds 123 bytes of reason (RFC 6455 5.5).
    this.#socket.close(1000, Buffer.from(reason).subarray(0, 120).toString());
    // A peer that is gone does not answer the close frame either.
    this.#clock.schedule(2000, () => this.#socket.terminate());
  }

  #take(data: RawData, isBinary: boolean): void {
    this.#hear();
    if (!isBinary) {
      this.deliverText(data.toString());
      return;
    }
    if (!Buffer.isBuffer(data)) return;
    try {
      this.deliver(decodeByteFrame(data));
    } catch {
      this.close('A frame is none of this protocol');
    } finally {
      data.fill(0);
    }
  }

  #hear(): void {
    this.#heardAt = this.#clock.now();
  }

  #ping(): void {
    if (!this.open) return;
    const silence = this.#clock.now() - this.#heardAt;
    if (silence > silenceLimit) {
      this.end(`${this.#peer} has not answered for ${Math.round(silence / 1000)} seconds`);
      this.#socket.terminate();
      return;
    }
    this.#socket.ping();
    this.#cancelPing = this.#clock.schedule(pingInterval, () => this.#ping());
  }
}
