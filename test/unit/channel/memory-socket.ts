import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/** A TLS socket without a network: the test pushes what the peer sends, and drops what is answered. */
export class MemorySocket extends Duplex {
  readonly remoteAddress = '192.0.2.1';
  answered = 0;
  lastAnswer: Buffer = Buffer.alloc(0);

  constructor() {
    super({ allowHalfOpen: false });
  }

  get asTlsSocket(): TLSSocket {
    return this as unknown as TLSSocket;
  }

  exportKeyingMaterial(length: number): Buffer {
    return Buffer.alloc(length);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  override _read(): void {
    // Data comes by push.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.answered += chunk.length;
    this.lastAnswer = Buffer.from(chunk);
    done();
  }
}
