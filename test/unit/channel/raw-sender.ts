import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

import type { Bye, Frame, Welcome } from '#channel/frame.ts';
import { FrameReader } from '#channel/frame-reader.ts';
import { FrameWriter } from '#channel/frame-writer.ts';
import { proveSession, type SessionTranscript, sessionBinding } from '#channel/session-proof.ts';

import { fakeToken } from './fake-kerberos.ts';

export const nonce = new Uint8Array(32).fill(7);

/** A sender that says what the test wants, in any order. */
export class RawSender {
  readonly socket: TLSSocket;
  readonly frames: Frame[] = [];
  readonly writer: FrameWriter;
  readonly closed: Promise<void>;
  readonly #waiting: ((frame: Frame | undefined) => void)[] = [];
  #handed = 0;
  #isClosed = false;

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    this.writer = new FrameWriter(socket);
    const reader = new FrameReader({
      expects: () => true,
      onFrame: (frame) => {
        this.frames.push('nonce' in frame ? { ...frame, nonce: Uint8Array.from(frame.nonce) } : { ...frame });
        this.#hand();
      },
    });
    socket.on('data', (chunk) => reader.push(chunk));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true;
        this.#hand();
        resolve();
      });
    });
  }

  static async connect(port: number): Promise<RawSender> {
    const socket = connect({ host: '127.0.0.1', port, minVersion: 'TLSv1.3', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return new RawSender(socket);
  }

  send(frame: Frame): void {
    this.writer.send(frame);
  }

  /** The next frame of the receiver; undefined when it closed the connection. */
  next(): Promise<Frame | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#hand();
    });
  }

  /** The receiver's last words. */
  async bye(): Promise<Bye | undefined> {
    for (;;) {
      const frame = await this.next();
      if (frame === undefined || frame.kind === 'bye') return frame;
    }
  }

  hello(spn: string, fields: { version?: number; clock?: number } = {}): void {
    this.send({ kind: 'hello', version: 1, clock: Date.now(), nonce, spn, ...fields });
  }

  /** Says hello and authenticates with a token of its own making; resolves to the receiver's answer. */
  async authenticate(
    spn: string,
    token: Uint8Array = fakeToken(spn, 'DC1$@FABRIKAM.LAB', Math.random()),
    transcript: Partial<SessionTranscript> = {},
  ): Promise<Frame | undefined> {
    this.hello(spn);
    const welcome = (await this.next()) as Welcome;
    const proof = proveSession(
      'sender',
      {
        binding: sessionBinding(this.socket),
        senderNonce: nonce,
        receiverNonce: welcome.nonce,
        spn,
        ...transcript,
      },
      token,
    );
    this.send({ kind: 'authenticate', proof, token });
    return this.next();
  }

  #hand(): void {
    while (this.#waiting.length > 0 && (this.#handed < this.frames.length || this.#isClosed)) {
      this.#waiting.shift()?.(this.frames[this.#handed]);
      this.#handed += 1;
    }
  }
}
