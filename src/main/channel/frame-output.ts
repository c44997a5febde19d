import { FrameError } from './frame.ts';

const utf8 = new TextEncoder();
const controlCharacter = /\p{Cc}/u;
const startSize = 1024;

/** Bytes on their way out, outside the V8 heap and wiped after use, since passwords lie among them. */
export class FrameOutput {
  #bytes = new Uint8Array(new ArrayBuffer(startSize));
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written, until the next write or wipe. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  u8(value: number): void {
    const at = this.#claim(1);
    this.#view.setUint8(at, inRange(value, 0xff));
  }

  u16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, inRange(value, 0xffff));
  }

  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, inRange(value, 0xffff_ffff));
  }

  /** Milliseconds since 1970 UTC; 0 stands for none. */
  instant(value: number | undefined): void {
    const time = Math.trunc(inRange(value ?? 0, Number.MAX_SAFE_INTEGER));
    const at = this.#claim(8);
    this.#view.setBigUint64(at, BigInt(time));
  }

  guid(text: string): void {
    const hex = text.replaceAll('-', '');
    if (!/^[0-9a-f]{32}$/i.test(hex)) throw new FrameError(`"${text}" is no identifier`);
    const at = this.#claim(16);
    for (let index = 0; index < 16; index += 1)
      this.#bytes[at + index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#claim(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Length, then the bytes. */
  block(bytes: Uint8Array, longest: number): void {
    if (bytes.length > longest) throw new FrameError(`${bytes.length} bytes where ${longest} fit`);
    this.u16(bytes.length);
    this.raw(bytes);
  }

  /** One line of text; the other side refuses control characters, so they do not leave here. */
  text(text: string, longest: number): void {
    if (controlCharacter.test(text)) throw new FrameError('A text with control characters');
    this.block(utf8.encode(text), longest);
  }

  /** Overwrites four bytes that were written before. */
  setU32(at: number, value: number): void {
    this.#view.setUint32(at, value);
  }

  /** Takes back what was written after `length`, and wipes it. */
  cut(length: number): void {
    this.#bytes.fill(0, length, this.#length);
    this.#length = length;
  }

  /** Room for `count` bytes; may move them all, so it comes before a look at `#bytes` or `#view`. */
  #claim(count: number): number {
    const at = this.#length;
    if (at + count > this.#bytes.length) this.#grow(at + count);
    this.#length = at + count;
    return at;
  }

  #grow(needed: number): void {
    const before = this.#bytes;
    this.#bytes = new Uint8Array(new ArrayBuffer(Math.max(needed, before.length * 2)));
    this.#bytes.set(before);
    this.#view = new DataView(this.#bytes.buffer);
    before.fill(0);
  }
}

function inRange(value: number, most: number): number {
  if (value >= 0 && value <= most) return value;
  throw new FrameError(`${value} is not between 0 and ${most}`);
}
