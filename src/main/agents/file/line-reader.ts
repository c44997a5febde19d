import { FileProblem } from './file-problem.ts';

/** Longest line of a file, characters. */
const lineLimit = 16 * 1024 * 1024;

/** Cuts text into lines and counts them; a line ends with LF or CR LF. */
export class LineReader {
  #rest = '';
  #number = 0;

  /** Number of the line that was given out last. */
  get number(): number {
    return this.#number;
  }

  *push(text: string): Generator<string> {
    const whole = this.#rest === '' ? text : this.#rest + text;
    let start = 0;
    for (let end = whole.indexOf('\n'); end !== -1; end = whole.indexOf('\n', start)) {
      const line = whole.slice(start, whole[end - 1] === '\r' ? end - 1 : end);
      start = end + 1;
      this.#number += 1;
      yield line;
    }
    this.#rest = whole.slice(start);
    if (this.#rest.length > lineLimit)
      throw new FileProblem('stopped-parsing-errors', 'parse-error', 'The line is too long', {
        place: { line: this.#number + 1, column: lineLimit },
      });
  }

  /** The last line, where it has no end. */
  *end(): Generator<string> {
    if (this.#rest === '') return;
    const line = this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest;
    this.#rest = '';
    this.#number += 1;
    yield line;
  }
}
