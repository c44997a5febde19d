import { noLdap } from './link-error.ts';

const utf8 = new TextDecoder();
/** Values in one message: small ones take far more memory than they have bytes. */
const mostValues = 2_000_000;

/** Reads BER from bytes that came from outside; whatever does not hold together is a `LinkError` `protocol`. */
export class BerReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  /** Shared by a message and everything in it. */
  readonly #budget: { left: number };

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, budget = { left: mostValues }) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
    this.#budget = budget;
  }

  get more(): boolean {
    return this.#at < this.#end;
  }

  /** The next value's tag, -1 at the end. */
  peek(): number {
    return this.more ? (this.#bytes[this.#at] ?? -1) : -1;
  }

  /** Enters a constructed value; without `tag` it takes any. */
  enter(tag?: number): BerReader {
    const start = this.#header(tag);
    return new BerReader(this.#bytes, start, this.#at, this.#budget);
  }

  /** A view into the message; copy what is kept. */
  bytes(tag?: number): Uint8Array {
    const start = this.#header(tag);
    return this.#bytes.subarray(start, this.#at);
  }

  /** All that is left, each character a byte. */
  rest(): string {
    const { buffer, byteOffset } = this.#bytes;
    const start = this.#at;
    this.#at = this.#end;
    return Buffer.from(buffer, byteOffset + start, this.#end - start).toString('latin1');
  }

  text(tag?: number): string {
    return utf8.decode(this.bytes(tag));
  }

  integer(tag?: number): number {
    const value = this.bytes(tag);
    if (value.length === 0 || value.length > 4) throw noLdap(`an integer of ${value.length} bytes`);
    let result = (value[0] ?? 0) & 0x80 ? -1 : 0;
    for (const byte of value) result = (result << 8) | byte;
    return result;
  }

  boolean(tag?: number): boolean {
    const value = this.bytes(tag);
    if (value.length !== 1) throw noLdap('a boolean of another length than one');
    return value[0] !== 0;
  }

  /** Passes over the next value. */
  skip(): void {
    this.#header();
  }

  /** Reads tag and length, moves behind the value, and returns where it starts. */
  #header(tag?: number): number {
    const found = this.peek();
    if (found === -1) throw noLdap('the end where a value was expected');
    if (tag !== undefined && found !== tag) throw noLdap(`tag ${found} where ${tag} was expected`);
    this.#budget.left -= 1;
    if (this.#budget.left < 0) throw noLdap(`more than ${mostValues} values in one message`);
    const length = readLength(this.#bytes, this.#at + 1, this.#end);
    if (length === undefined || length.end + length.value > this.#end)
      throw noLdap('a length beyond the end');
    this.#at = length.end + length.value;
    return length.end;
  }
}

/** A definite length at `at`: its value and where it ends; undefined where bytes are missing (RFC 4511 5.1). */
export function readLength(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: number; readonly end: number } | undefined {
  if (at >= end) return undefined;
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { value: first, end: at + 1 };
  const size = first & 0x7f;
  if (size === 0 || size > 4) throw noLdap(`a length of ${size} bytes`);
  if (at + 1 + size > end) return undefined;
  let value = 0;
  for (let index = at + 1; index <= at + size; index += 1) value = value * 256 + (bytes[index] ?? 0);
  return { value, end: at + 1 + size };
}
