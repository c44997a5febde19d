import type { Writable } from 'node:stream';

import type { Frame } from './frame.ts';
import { writeFrame } from './frame-codec.ts';
import { FrameOutput } from './frame-output.ts';

/**
 * Writes frames to a socket. Frames of one turn, and all that come while a write is under way, leave in one write:
 * one record instead of many, and never a second write, which Node would join to the first in memory that nobody wipes.
 */
export class FrameWriter {
  readonly #socket: Writable;
  #filling = new FrameOutput();
  #leaving = new FrameOutput();
  #isWriting = false;
  #writes = 0;
  #isScheduled = false;
  #isEnding = false;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Bytes that wait behind the write under way. */
  get waiting(): number {
    return this.#filling.length;
  }

  /** The number of the write that is under way and that the peer has not taken yet; undefined where there is none. */
  get underWay(): number | undefined {
    return this.#isWriting ? this.#writes : undefined;
  }

  /** Copies the frame; throws `FrameError` where it cannot be written. */
  send(frame: Frame): void {
    if (this.#isEnding) return;
    writeFrame(this.#filling, frame);
    if (this.#isScheduled || this.#isWriting) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  /** Closes the socket behind the last frame. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (!this.#isWriting && !this.#isScheduled) this.#flush();
  }

  /** Wipes what is left, once the socket is gone: a write that was cut off has no callback. */
  discard(): void {
    this.#isEnding = true;
    this.#filling.cut(0);
    this.#leaving.cut(0);
  }

  #flush(): void {
    if (this.#filling.length === 0 || this.#socket.destroyed) {
      this.#filling.cut(0);
      if (this.#isEnding) this.#socket.end();
      return;
    }
    const leaving = this.#filling;
    this.#filling = this.#leaving;
    this.#leaving = leaving;
    this.#isWriting = true;
    this.#writes += 1;
    this.#socket.write(leaving.written, () => {
      leaving.cut(0);
      this.#isWriting = false;
      this.#flush();
    });
  }
}
