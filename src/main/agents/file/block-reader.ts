import { FileProblem } from './file-problem.ts';
import type { Place } from './file-record.ts';
import { LineReader } from './line-reader.ts';

/** Largest record, characters. */
const blockLimit = 32 * 1024 * 1024;

/** A line put together again from its continuations. */
export interface BlockLine {
  readonly text: string;
  /** Line of the file that it begins in. */
  readonly line: number;
  /** Where in `text` each of its continuations begins; absent where it has none. */
  readonly folds?: readonly number[];
}

/** Where in the file a character of the text stands. */
export function placeInLine({ line, folds = [] }: BlockLine, at: number): Place {
  const fold = folds.findLastIndex((start) => start <= at);
  // A continuation begins with a space that is no part of the text.
  return fold === -1
    ? { line, column: at + 1 }
    : { line: line + fold + 1, column: at - (folds[fold] ?? 0) + 2 };
}

/**
 * Cuts text into the records between blank lines. A line that begins with a space goes on the one before; one that
 * begins with # is a comment (RFC 2849).
 */
export class BlockReader {
  readonly #lines = new LineReader();
  #block: BlockLine[] = [];
  #pieces: string[] = [];
  #start = 0;
  #isComment = false;
  #size = 0;

  *push(text: string): Generator<readonly BlockLine[]> {
    for (const line of this.#lines.push(text)) {
      const block = this.#take(line);
      if (block !== undefined) yield block;
    }
  }

  *end(): Generator<readonly BlockLine[]> {
    for (const line of this.#lines.end()) {
      const block = this.#take(line);
      if (block !== undefined) yield block;
    }
    const last = this.#take('');
    if (last !== undefined) yield last;
  }

  #take(line: string): readonly BlockLine[] | undefined {
    if (line.startsWith(' ') && (this.#pieces.length > 0 || this.#isComment)) {
      if (!this.#isComment) this.#keep(line.slice(1));
      return undefined;
    }
    this.#flush();
    this.#isComment = line.startsWith('#');
    if (this.#isComment) return undefined;
    if (line !== '') {
      this.#start = this.#lines.number;
      this.#keep(line);
      return undefined;
    }
    const block = this.#block;
    this.#block = [];
    this.#size = 0;
    return block.length === 0 ? undefined : block;
  }

  #keep(piece: string): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size > blockLimit)
      throw new FileProblem('stopped-parsing-errors', 'parse-error', 'The record is too long', {
        place: { line: this.#lines.number, column: 1 },
      });
  }

  #flush(): void {
    const [first] = this.#pieces;
    if (first === undefined) return;
    if (this.#pieces.length === 1) this.#block.push({ text: first, line: this.#start });
    else {
      let end = 0;
      const folds = this.#pieces.slice(0, -1).map((piece) => (end += piece.length));
      this.#block.push({ text: this.#pieces.join(''), line: this.#start, folds });
    }
    this.#pieces = [];
  }
}
