import { LinkError } from './link-error.ts';
import { messageLength } from './message-reader.ts';

/** Largest message that is read; a server that sends more is broken or hostile, bytes. */
const largestMessage = 64 * 1024 * 1024;

/** Cuts a byte stream into LDAP messages. Holds one message at most besides the chunk at hand. */
export class InputBuffer {
  #bytes = new Uint8Array(new ArrayBuffer(64 * 1024));
  #end = 0;

  /** The whole messages so far; each is a view that holds until the next is asked for. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#append(chunk);
    let start = 0;
    try {
      while (start < this.#end) {
        const rest = this.#bytes.subarray(start, this.#end);
        const length = messageLength(rest, rest.length);
        if (length === undefined) break;
        if (length > largestMessage)
          throw new LinkError('protocol', `The server announced a message of ${length} bytes`);
        if (length > rest.length) break;
        start += length;
        yield rest.subarray(0, length);
      }
    } finally {
      this.#bytes.copyWithin(0, start, this.#end);
      this.#end -= start;
    }
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#end + chunk.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(new ArrayBuffer(Math.max(needed, this.#bytes.length * 2)));
      grown.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#end);
    this.#end = needed;
  }
}
