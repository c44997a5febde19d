import { LinkError } from './link-error.ts';
import { messageLength } from './message-reader.ts';

/** Largest message that is read where nothing else is said; a server that sends more is broken or hostile, bytes. */
const defaultLargest = 64 * 1024 * 1024;
/** Room that stays when a message has gone, bytes. */
const usualRoom = 64 * 1024;

/** Cuts a byte stream into LDAP messages. Holds the beginning of one message at most. */
export class InputBuffer {
  readonly #largest: number;
  #bytes = new Uint8Array(new ArrayBuffer(0));
  #end = 0;

  constructor(largest: number = defaultLargest) {
    this.#largest = largest;
  }

  /** The whole messages so far; each is a view that holds until the next is asked for. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    // Most chunks are whole messages, and nothing has to be copied. A plain view: a Buffer's slice copies nothing.
    const isWhole = this.#end === 0;
    const bytes = isWhole
      ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
      : this.#append(chunk);
    let start = 0;
    for (;;) {
      const length = messageLength(bytes, start);
      if (length !== undefined && length > this.#largest)
        throw new LinkError('protocol', `The server announced a message of ${length} bytes`);
      if (length === undefined || start + length > bytes.length) break;
      const end = start + length;
      yield bytes.subarray(start, end);
      start = end;
    }
    this.#keep(bytes.subarray(start), isWhole);
  }

  /** Keeps what is not whole yet, at the front. */
  #keep(rest: Uint8Array, isOutside: boolean): void {
    if (isOutside) {
      if (rest.length > 0) this.#append(rest);
      return;
    }
    if (rest.length === 0 && this.#bytes.length > usualRoom) this.#bytes = new Uint8Array(new ArrayBuffer(0));
    else this.#bytes.copyWithin(0, rest.byteOffset, rest.byteOffset + rest.length);
    this.#end = rest.length;
  }

  #append(chunk: Uint8Array): Uint8Array {
    const needed = this.#end + chunk.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(new ArrayBuffer(Math.max(needed, this.#bytes.length * 2, usualRoom)));
      grown.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end = needed;
    return this.#bytes.subarray(0, this.#end);
  }
}
