import { type BlockLine, BlockReader, placeInLine } from './block-reader.ts';
import type { FileItem, FileParser } from './file-record.ts';
import { LineFlaw, readLine } from './ldif-line.ts';

/** Names of columns may hold what those of a directory's attributes may not. */
const columnName = /^[\p{L}_][\p{L}\p{N}_.;#$ -]*$/u;

/** Records of `name: value` lines with a blank line between; `name:: base64` and continuations as in LDIF. */
export class AttributeValueParser implements FileParser {
  readonly #blocks = new BlockReader();

  *push(text: string): Generator<FileItem> {
    for (const block of this.#blocks.push(text)) yield readBlock(block);
  }

  *end(): Generator<FileItem> {
    for (const block of this.#blocks.end()) yield readBlock(block);
  }
}

function readBlock(block: readonly BlockLine[]): FileItem {
  const values = new Map<string, string[]>();
  for (const line of block) {
    try {
      const { name, value } = readLine(line.text, { name: columnName, urlFolder: undefined });
      const before = values.get(name);
      if (value === '') continue;
      if (before === undefined) values.set(name, [value]);
      else before.push(value);
    } catch (error) {
      if (!(error instanceof LineFlaw)) throw error;
      const place = placeInLine(line, error.at);
      return { kind: 'bad', place, word: error.word, detail: error.message };
    }
  }
  return { kind: 'record', place: { line: block[0]?.line ?? 0, column: 1 }, change: 'content', values };
}
