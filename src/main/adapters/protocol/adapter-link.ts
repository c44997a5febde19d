import type { Socket } from 'node:net';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { ProtocolError } from './protocol-error.ts';
import { encodeSecretFrame, type SecretFrame, SecretFrameDecoder } from './secret-frames.ts';

/** Bytes that may wait for a peer that does not read. */
const hopelessAt = 1024 * 1024;

export interface AdapterLinkListener {
  /** The frame's secrets are the listener's to wipe. What it throws ends the link. */
  frame(frame: SecretFrame): void;
  /** Called once. */
  closed(reason: Error): void;
}

/** One end of the socket between a server and an adapter. */
export class AdapterLink {
  readonly #socket: Socket;
  readonly #listener: AdapterLinkListener;
  readonly #decoder = new SecretFrameDecoder();
  #closed = false;

  constructor(socket: Socket, listener: AdapterLinkListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.close(error));
    socket.on('close', () => this.close(new Error('The other end closed the connection')));
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(
    line: object,
    secrets: {
      readonly newPassword?: SecretBytes | undefined;
      readonly oldPassword?: SecretBytes | undefined;
    } = {},
  ): void {
    if (this.#closed) return;
    const frame = encodeSecretFrame(line, secrets);
    this.#socket.write(frame, () => frame.fill(0));
    if (this.#socket.writableLength > hopelessAt) this.close(new Error('The other end does not read'));
  }

  /** Lets what was sent out, and closes. Idempotent. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#decoder.close();
    this.#socket.end();
    this.#socket.destroySoon();
    this.#listener.closed(reason);
  }

  #read(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.push(chunk)) {
        if (this.#closed) {
          frame.newPassword?.wipe();
          frame.oldPassword?.wipe();
          return;
        }
        this.#listener.frame(frame);
      }
    } catch (error) {
      this.close(error instanceof Error ? error : new ProtocolError(10801, 'The protocol was broken'));
    } finally {
      // It may have brought a password.
      chunk.fill(0);
    }
  }
}
