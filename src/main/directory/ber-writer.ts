import { berTag } from './ber-tag.ts';

const utf8 = new TextEncoder();
/** A constructed value's length in the long form with four bytes, patched when its end is known; valid BER. */
const openLength = 5;

/**
 * Writes BER into one buffer outside the V8 heap, which may hold a password: growing wipes what it leaves, and
 * `wipe` ends it.
 */
export class BerWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #at = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(new ArrayBuffer(capacity));
  }

  /** Opens a constructed value; give the result to `end`. */
  start(tag: number = berTag.sequence): number {
    this.#room(1 + openLength);
    this.#bytes[this.#at] = tag;
    this.#bytes[this.#at + 1] = 0x84;
    this.#at += 1 + openLength;
    return this.#at;
  }

  end(start: number): void {
    new DataView(this.#bytes.buffer).setUint32(start - 4, this.#at - start);
  }

  boolean(value: boolean, tag: number = berTag.boolean): void {
    this.#header(tag, 1);
    this.#bytes[this.#at++] = value ? 0xff : 0;
  }

  /** A signed integer of up to 32 bits, in as few bytes as it needs. */
  integer(value: number, tag: number = berTag.integer): void {
    let size = 1;
    while (size < 4 && (value < -(2 ** (8 * size - 1)) || value >= 2 ** (8 * size - 1))) size += 1;
    this.#header(tag, size);
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8)
      this.#bytes[this.#at++] = (value >> shift) & 0xff;
  }

  text(value: string, tag: number = berTag.octetString): void {
    const length = Buffer.byteLength(value);
    this.#header(tag, length);
    utf8.encodeInto(value, this.#bytes.subarray(this.#at));
    this.#at += length;
  }

  bytes(value: Uint8Array, tag: number = berTag.octetString): void {
    this.#header(tag, value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** What was written; a view, gone with `wipe`. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#at = 0;
  }

  /** Tag and length, with room for what follows. */
  #header(tag: number, length: number): void {
    this.#room(1 + openLength + length);
    this.#bytes[this.#at++] = tag;
    if (length < 0x80) this.#bytes[this.#at++] = length;
    else {
      this.#bytes[this.#at++] = 0x84;
      new DataView(this.#bytes.buffer).setUint32(this.#at, length);
      this.#at += 4;
    }
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = new Uint8Array(new ArrayBuffer(Math.max(this.#bytes.length * 2, this.#at + more)));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes.fill(0);
    this.#bytes = grown;
  }
}
