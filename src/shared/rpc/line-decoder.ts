import { AppError } from '../model/app-error.ts';

const newline = 0x0a;

/** Longest line that a service accepts of its callers, bytes. */
export const lineLimit = 4 * 1024 * 1024;
/** Longest line that a caller accepts of its service, bytes: an answer may be a whole installation. */
export const answerLimit = 64 * 1024 * 1024;

/** Cuts a byte stream into lines of JSON, each at most `limit` bytes long. Throws `AppError` `invalid_input`. */
export class LineDecoder {
  readonly #limit: number;
  readonly #text = new TextDecoder('utf-8', { fatal: true });
  #pending: Uint8Array[] = [];
  #size = 0;

  constructor(limit = lineLimit) {
    this.#limit = limit;
  }

  *push(chunk: Uint8Array): Generator<unknown> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      yield this.#flush();
    }
    // A copy: the stream may reuse or wipe its buffer, and what Buffer.slice gives is none.
    if (start < chunk.length) this.#keep(Uint8Array.prototype.slice.call(chunk, start));
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.#limit)
      throw new AppError('invalid_input', `A line is longer than ${this.#limit} bytes`);
    this.#pending.push(piece);
  }

  #flush(): unknown {
    const line = this.#pending.length === 1 ? this.#pending[0] : join(this.#pending, this.#size);
    this.#pending = [];
    this.#size = 0;
    try {
      return JSON.parse(this.#text.decode(line));
    } catch {
      // Without its cause: the parser quotes what it read, and that may hold a secret.
      throw new AppError('invalid_input', 'A line is not JSON in UTF-8');
    }
  }
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
