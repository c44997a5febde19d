import { type Frame, FrameError, type FrameKind, maxFrame } from './frame.ts';
import { kindOf, limitOf, readFrame } from './frame-codec.ts';
import { FrameInput } from './frame-input.ts';

const headerLength = 5;

export interface FrameReaderOptions {
  /** Whether this kind of frame has a place now; asked before a byte of its body is kept. */
  readonly expects: (kind: FrameKind) => boolean;
  /** Takes one frame. Its byte fields are views that are wiped when this returns. */
  readonly onFrame: (frame: Frame) => void;
}

interface OpenFrame {
  readonly kind: FrameKind;
  readonly length: number;
  /** Where a body that came in pieces is put together; absent while nothing of it came. */
  body: Uint8Array<ArrayBuffer> | undefined;
  have: number;
}

/**
 * Cuts a byte stream into frames. It keeps at most one unfinished frame, whose kind and length were accepted first;
 * whatever it was given is zero when it is done with it, since any of it may be a password.
 */
export class FrameReader {
  readonly #options: FrameReaderOptions;
  readonly #header = new Uint8Array(new ArrayBuffer(headerLength));
  #headerHave = 0;
  #open: OpenFrame | undefined;
  #closed = false;
  #count = 0;

  constructor(options: FrameReaderOptions) {
    this.#options = options;
  }

  /** Frames handed over so far. */
  get count(): number {
    return this.#count;
  }

  /** Whether the stream stands within a frame. */
  get isWithinFrame(): boolean {
    return this.#headerHave > 0;
  }

  /** Takes the next bytes of the stream and wipes them. Throws `FrameError`; the stream is of no use then. */
  push(chunk: Uint8Array): void {
    try {
      let at = 0;
      while (at < chunk.length && !this.#closed) at += this.#take(chunk.subarray(at));
    } catch (error) {
      this.close();
      throw error;
    } finally {
      chunk.fill(0);
    }
  }

  /** Stops handing frames over, even in the middle of a chunk, and wipes what is kept. */
  close(): void {
    this.#closed = true;
    this.#open?.body?.fill(0);
    this.#open = undefined;
  }

  /** Consumes the start of `bytes`; returns how much. */
  #take(bytes: Uint8Array): number {
    if (this.#open === undefined) return this.#takeHeader(bytes);
    const open = this.#open;
    const missing = open.length - open.have;
    if (open.body === undefined && bytes.length >= missing) {
      this.#finish(open.kind, bytes.subarray(0, missing));
      return missing;
    }
    open.body ??= new Uint8Array(new ArrayBuffer(open.length));
    const part = bytes.subarray(0, missing);
    open.body.set(part, open.have);
    open.have += part.length;
    if (open.have === open.length) this.#finish(open.kind, open.body);
    return part.length;
  }

  #takeHeader(bytes: Uint8Array): number {
    const part = bytes.subarray(0, headerLength - this.#headerHave);
    this.#header.set(part, this.#headerHave);
    this.#headerHave += part.length;
    if (this.#headerHave === headerLength) this.#begin();
    return part.length;
  }

  /** Judges kind and length before anything is kept for them. */
  #begin(): void {
    const view = new DataView(this.#header.buffer);
    const size = view.getUint32(0);
    if (size < 1 || size > maxFrame) throw new FrameError(`A frame of ${size} bytes`);
    const type = view.getUint8(4);
    const kind = kindOf(type);
    if (kind === undefined) throw new FrameError(`A frame of the unknown type ${type}`);
    if (!this.#options.expects(kind)) throw new FrameError(`A ${kind} has no place here`);
    const length = size - 1;
    if (length > limitOf(kind)) throw new FrameError(`A ${kind} of ${length} bytes`);
    // No kind of frame is empty; a body of no bytes would wait for the next chunk.
    if (length === 0) throw new FrameError(`A ${kind} of no bytes`);
    this.#open = { kind, length, body: undefined, have: 0 };
  }

  #finish(kind: FrameKind, body: Uint8Array): void {
    this.#open = undefined;
    this.#headerHave = 0;
    this.#count += 1;
    try {
      this.#options.onFrame(readFrame(kind, new FrameInput(body)));
    } finally {
      body.fill(0);
    }
  }
}
