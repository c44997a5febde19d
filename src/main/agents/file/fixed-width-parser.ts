import type { FixedWidthLayout } from '#shared/model/agent-file.ts';

import type { FileItem, FileParser } from './file-record.ts';
import { findForeign } from './file-value.ts';
import { LineReader } from './line-reader.ts';

/** One record a line, each value at its place; a line may end before its last values. */
export class FixedWidthParser implements FileParser {
  readonly #layout: FixedWidthLayout;
  readonly #columns: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  readonly #lines = new LineReader();

  constructor(layout: FixedWidthLayout) {
    this.#layout = layout;
    this.#columns = layout.columns.map(({ name, start, width }) => ({
      name: name.toLowerCase(),
      start: start - 1,
      end: start - 1 + width,
    }));
  }

  *push(text: string): Generator<FileItem> {
    for (const line of this.#lines.push(text)) yield* this.#take(line);
  }

  *end(): Generator<FileItem> {
    for (const line of this.#lines.end()) yield* this.#take(line);
  }

  *#take(line: string): Generator<FileItem> {
    const { number } = this.#lines;
    if (number <= this.#layout.skipLines || line.trim() === '') return;
    const foreign = findForeign(line);
    if (foreign !== undefined) {
      const place = { line: number, column: foreign.at + 1 };
      yield { kind: 'bad', place, word: 'parse-error', detail: foreign.detail };
      return;
    }
    const values = new Map<string, readonly string[]>();
    for (const { name, start, end } of this.#columns) {
      const value = line.slice(start, end).trim();
      if (value !== '') values.set(name, [value]);
    }
    yield { kind: 'record', place: { line: number, column: 1 }, change: 'content', values };
  }
}
