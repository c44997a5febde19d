import type { DelimitedLayout } from '#shared/model/agent-file.ts';

import { FileProblem } from './file-problem.ts';
import type { BadRecord, FileItem, FileParser, Place } from './file-record.ts';
import { findForeign } from './file-value.ts';

/** Longest record, characters; an open quote is looked for no further. */
const recordLimit = 1024 * 1024;
/** Longest line, characters: what follows a fault is read to its end. */
const lineLimit = 16 * 1024 * 1024;

interface Cut {
  readonly fields: readonly string[];
  readonly end: number;
}
interface Flaw {
  readonly at: number;
  readonly detail: string;
}

/**
 * Delimiter-separated values (RFC 4180). After a bad record, reading goes on with the line after the one in which its
 * fault begins.
 */
export class DelimitedParser implements FileParser {
  readonly #layout: DelimitedLayout;
  #columns: readonly string[] | undefined;
  #header: readonly string[] = [];
  #rest = '';
  /** Number of the line that `#rest` begins with. */
  #line = 1;

  constructor(layout: DelimitedLayout) {
    this.#layout = layout;
    this.#columns = layout.header ? undefined : layout.columns.map(fold);
  }

  /** The header as the file spells it. */
  get columns(): readonly string[] {
    return this.#header;
  }

  *push(text: string): Generator<FileItem> {
    this.#rest = this.#rest === '' ? text : this.#rest + text;
    yield* this.#read(false);
  }

  *end(): Generator<FileItem> {
    yield* this.#read(true);
  }

  *#read(isLast: boolean): Generator<FileItem> {
    const text = this.#rest;
    let at = 0;
    while (at < text.length) {
      const found = this.#cut(text, at, isLast);
      if (found === undefined) break;
      const start = at;
      const place = { line: this.#line, column: 1 };
      if ('detail' in found) {
        const end = text.indexOf('\n', found.at);
        // Where the line goes on in the next piece, the fault is found again then.
        if (end === -1 && !isLast) break;
        at = end === -1 ? text.length : end + 1;
        yield bad(placeOf(text, start, found.at, this.#line), found.detail);
      } else {
        at = found.end;
        const item = this.#take(found.fields, place, text, start, at);
        if (item !== undefined) yield item;
      }
      this.#line += countLines(text, start, at);
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > lineLimit)
      throw new FileProblem('stopped-parsing-errors', 'parse-error', 'The line is too long', {
        place: { line: this.#line, column: lineLimit },
      });
  }

  /** Cuts one record; undefined where it goes on in the next piece. */
  #cut(text: string, start: number, isLast: boolean): Cut | Flaw | undefined {
    const { delimiter, quote } = this.#layout;
    const fields: string[] = [];
    let at = start;
    let lineEnd = text.indexOf('\n', at);
    for (;;) {
      if (quote !== '' && text[at] === quote) {
        const closed = closeQuote(text, at, quote, isLast);
        if (closed === undefined) {
          if (!isLast && text.length - start < recordLimit) return undefined;
          return { at, detail: 'The quote is not closed' };
        }
        fields.push(closed.value);
        at = closed.end;
        if (at >= text.length) return isLast ? { fields, end: at } : undefined;
        if (text[at] === delimiter) {
          at += 1;
          continue;
        }
        if (text[at] === '\n') return { fields, end: at + 1 };
        if (text[at] === '\r' && text[at + 1] === '\n') return { fields, end: at + 2 };
        if (text[at] === '\r' && at + 1 === text.length) return isLast ? { fields, end: at + 1 } : undefined;
        return { at, detail: 'Text after the closing quote' };
      }
      if (lineEnd !== -1 && lineEnd < at) lineEnd = text.indexOf('\n', at);
      const next = text.indexOf(delimiter, at);
      const isLastField = next === -1 || (lineEnd !== -1 && lineEnd < next);
      if (isLastField && lineEnd === -1 && !isLast) {
        if (text.length - start < recordLimit) return undefined;
        return { at, detail: 'The record is too long' };
      }
      const end = isLastField ? (lineEnd === -1 ? text.length : lineEnd) : next;
      const value = text.slice(at, isLastField && text[end - 1] === '\r' && end > at ? end - 1 : end);
      const stray = quote === '' ? -1 : value.indexOf(quote);
      if (stray !== -1)
        return { at: at + stray, detail: 'A quote inside a value that does not begin with one' };
      fields.push(value);
      if (isLastField) return { fields, end: Math.min(end + 1, text.length) };
      at = end + 1;
    }
  }

  #take(
    fields: readonly string[],
    place: Place,
    text: string,
    start: number,
    end: number,
  ): FileItem | undefined {
    const [only = ''] = fields;
    if (fields.length === 1 && only.trim() === '') return undefined;
    const foreign = findForeign(text.slice(start, end));
    if (foreign !== undefined)
      return bad(placeOf(text, start, start + foreign.at, place.line), foreign.detail);
    if (this.#columns === undefined) {
      this.#columns = this.#readHeader(fields, place);
      this.#header = fields;
      return undefined;
    }
    const columns = this.#columns;
    if (fields.length !== columns.length)
      return bad(place, `The record has ${fields.length} values for ${columns.length} columns`);
    const values = new Map<string, readonly string[]>();
    for (const [index, value] of fields.entries()) {
      const column = columns[index] ?? '';
      if (value !== '') values.set(column, this.#split(column, value));
    }
    return { kind: 'record', place, change: 'content', values };
  }

  #readHeader(fields: readonly string[], place: Place): readonly string[] {
    const columns = fields.map(fold);
    const double = columns.find((column, index) => columns.indexOf(column) !== index);
    const missing = this.#layout.columns.find((column) => !columns.includes(fold(column)));
    const flaw =
      double !== undefined
        ? `The header names "${double}" twice`
        : missing !== undefined
          ? `The header does not name "${missing}"`
          : undefined;
    if (flaw === undefined) return columns;
    throw new FileProblem('no-start-header-row-mismatch', 'parse-error', flaw, {
      place,
      fix: "Correct the file's first line, or the layout of the agent.",
    });
  }

  #split(column: string, value: string): readonly string[] {
    const rule = this.#layout.multivalue.find((one) => fold(one.column) === column);
    return rule === undefined ? [value] : value.split(rule.separator).filter((one) => one !== '');
  }
}

/** Where the quote at `start` is closed; undefined where it is not, or where that cannot be told yet. */
function closeQuote(
  text: string,
  start: number,
  quote: string,
  isLast: boolean,
): { readonly value: string; readonly end: number } | undefined {
  let value = '';
  for (let from = start + 1; ; ) {
    const end = text.indexOf(quote, from);
    if (end === -1 || end - start > recordLimit) return undefined;
    if (end + 1 === text.length && !isLast) return undefined;
    value += text.slice(from, end);
    if (text[end + 1] !== quote) return { value, end: end + 1 };
    value += quote;
    from = end + 2;
  }
}

function countLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function placeOf(text: string, start: number, at: number, line: number): Place {
  const before = text.slice(start, at);
  return { line: line + countLines(before, 0, before.length), column: at - start - before.lastIndexOf('\n') };
}

function bad(place: Place, detail: string): BadRecord {
  return { kind: 'bad', place, word: 'parse-error', detail };
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
