import { foldDn } from '#shared/text/distinguished-name.ts';

import { type BlockLine, BlockReader, placeInLine } from './block-reader.ts';
import type { FileItem, FileParser, FileRecord } from './file-record.ts';
import { LineFlaw, type LineValue, readLine } from './ldif-line.ts';

const changes: Readonly<Record<string, FileRecord['change']>> = {
  add: 'add',
  delete: 'delete',
  modify: 'modify',
  modrdn: 'rename',
  moddn: 'rename',
};

/** A control's number, whether it is critical, and its value (RFC 2849, ldap-oid). */
const controlForm = /^\d+(?:\.\d+)*(?: +(?:true|false))? *(?::.*)?$/is;

/** LDAP Data Interchange Format, contents and changes (RFC 2849). UTF-8 may stand for itself, as exports have it. */
export class LdifParser implements FileParser {
  readonly #urlFolder: string | undefined;
  readonly #blocks = new BlockReader();
  #isFirst = true;

  constructor(urlFolder: string | undefined) {
    this.#urlFolder = urlFolder;
  }

  *push(text: string): Generator<FileItem> {
    for (const block of this.#blocks.push(text)) yield* this.#take(block);
  }

  *end(): Generator<FileItem> {
    for (const block of this.#blocks.end()) yield* this.#take(block);
  }

  *#take(block: readonly BlockLine[]): Generator<FileItem> {
    let lines = block;
    if (this.#isFirst && block[0] !== undefined && /^version\s*:/i.test(block[0].text)) {
      const flaw = versionFlaw(block[0]);
      if (flaw !== undefined) yield flaw;
      lines = block.slice(1);
    }
    this.#isFirst = false;
    if (lines.length > 0) yield this.#read(lines);
  }

  #read(block: readonly BlockLine[]): FileItem {
    let dn: string | undefined;
    let current: BlockLine = block[0] ?? { text: '', line: 0 };
    const read = (line: BlockLine): LineValue => {
      current = line;
      return readLine(line.text, { urlFolder: this.#urlFolder });
    };
    try {
      if (/^dn:</i.test(current.text))
        throw new LineFlaw('parse-error', 3, 'A name does not come from a file');
      const named = read(current);
      if (named.name !== 'dn') throw new LineFlaw('missing-dn', 0, 'The record does not begin with "dn:"');
      dn = named.value;
      const folded = foldDn(dn);
      if (folded === undefined)
        throw new LineFlaw('dn-not-ldap-conformant', 3, `"${dn}" is no distinguished name`);
      const { change, rest } = readChange(block.slice(1), read);
      const place = { line: block[0]?.line ?? 0, column: 1 };
      if (change === 'modify' || change === 'rename' || change === 'delete') {
        checkChange(change, rest, read);
        return { kind: 'record', place, dn, change, values: new Map() };
      }
      if (rest.length === 0 && block[0] !== undefined) {
        current = block[0];
        throw new LineFlaw('parse-error', 0, 'The record has no attribute');
      }
      return { kind: 'record', place, dn, folded, change, values: readValues(rest, read) };
    } catch (error) {
      if (!(error instanceof LineFlaw)) throw error;
      const place = placeInLine(current, error.at);
      return { kind: 'bad', place, word: error.word, detail: error.message, ...(dn !== undefined && { dn }) };
    }
  }
}

function versionFlaw({ text, line }: BlockLine): FileItem | undefined {
  if (/^version:\s*1\s*$/i.test(text)) return undefined;
  return { kind: 'bad', place: { line, column: 1 }, word: 'parse-error', detail: 'The version is not 1' };
}

/** Controls and the kind of change, which come before everything else. */
function readChange(
  lines: readonly BlockLine[],
  read: (line: BlockLine) => LineValue,
): { readonly change: FileRecord['change']; readonly rest: readonly BlockLine[] } {
  let at = 0;
  let line = lines[at];
  for (; line !== undefined && /^control:/i.test(line.text); line = lines[at]) {
    const { value } = read(line);
    if (!controlForm.test(value)) throw new LineFlaw('parse-error', 9, `"${value}" is no control`);
    at += 1;
  }
  if (line === undefined || !/^changetype:/i.test(line.text)) {
    if (at > 0 && line !== undefined) {
      read(line);
      throw new LineFlaw('invalid-change-type', 0, 'A control without a change type');
    }
    return { change: 'content', rest: lines };
  }
  const { value } = read(line);
  const change = changes[value.trim().toLowerCase()];
  if (change === undefined) throw new LineFlaw('invalid-change-type', 12, `"${value}" is no change type`);
  return { change, rest: lines.slice(at + 1) };
}

/** The form of a change that is not carried out here is checked all the same. */
function checkChange(
  change: 'delete' | 'modify' | 'rename',
  lines: readonly BlockLine[],
  read: (line: BlockLine) => LineValue,
): void {
  const [first] = lines;
  if (change === 'delete') {
    if (first === undefined) return;
    read(first);
    throw new LineFlaw('parse-error', 0, 'A deletion has no attributes');
  }
  if (change === 'rename') {
    const parts = lines.map((line) => {
      const part = read(line);
      if (part.name === 'deleteoldrdn' && !/^[01]$/.test(part.value.trim()))
        throw new LineFlaw('parse-error', 14, `"${part.value}" is neither 0 nor 1`);
      return part.name;
    });
    if (parts[0] !== 'newrdn' || parts[1] !== 'deleteoldrdn')
      throw new LineFlaw('parse-error', 0, 'A new name needs "newrdn:" and "deleteoldrdn:"');
    if (parts.length > 3 || (parts[2] ?? 'newsuperior') !== 'newsuperior')
      throw new LineFlaw('parse-error', 0, 'A new name takes "newsuperior:" and nothing else');
    return;
  }
  let attribute: string | undefined;
  for (const line of lines) {
    if (line.text === '-') {
      attribute = undefined;
      continue;
    }
    const { name, value } = read(line);
    if (attribute === undefined) {
      if (name !== 'add' && name !== 'delete' && name !== 'replace')
        throw new LineFlaw('parse-error', 0, 'A modification begins with "add:", "delete:" or "replace:"');
      attribute = value.toLowerCase().split(';')[0];
    } else if (name !== attribute) {
      throw new LineFlaw('parse-error', 0, `A value of "${name}" in the modification of "${attribute}"`);
    }
  }
}

function readValues(
  lines: readonly BlockLine[],
  read: (line: BlockLine) => LineValue,
): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of lines) {
    const { name, value } = read(line);
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return values;
}
