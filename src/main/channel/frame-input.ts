import { FrameError } from './frame.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const controlCharacter = /\p{Cc}/u;

/** Reads the fields of one frame, never beyond its end; throws `FrameError`. */
export class FrameInput {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#claim(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#claim(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#claim(4));
  }

  boolean(): boolean {
    const value = this.u8();
    if (value > 1) throw new FrameError(`${value} where 0 or 1 was expected`);
    return value === 1;
  }

  /** Milliseconds since 1970 UTC. */
  instant(): number {
    const value = Number(this.#view.getBigUint64(this.#claim(8)));
    if (!Number.isSafeInteger(value)) throw new FrameError('A time beyond all calendars');
    return value;
  }

  tryInstant(): number | undefined {
    const value = this.instant();
    return value === 0 ? undefined : value;
  }

  guid(): string {
    const at = this.#claim(16);
    const hex = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, 16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** A view of `count` bytes. */
  raw(count: number): Uint8Array {
    const at = this.#claim(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** A view of a block with its length before it. */
  block(longest: number): Uint8Array {
    const length = this.u16();
    if (length > longest) throw new FrameError(`A field of ${length} bytes where ${longest} fit`);
    return this.raw(length);
  }

  /** One line of text: it goes into logs, so a line break or another control character is refused. */
  text(longest: number): string {
    let text: string;
    try {
      text = utf8.decode(this.block(longest));
    } catch (cause) {
      if (cause instanceof FrameError) throw cause;
      throw new FrameError('A text that is not UTF-8', { cause });
    }
    if (controlCharacter.test(text)) throw new FrameError('A text with control characters');
    return text;
  }

  /** A view of everything that is left. */
  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#at);
  }

  finish(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new FrameError(`${left} bytes too many`);
  }

  #claim(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new FrameError('A frame that ends too early');
    this.#at = at + count;
    return at;
  }
}
