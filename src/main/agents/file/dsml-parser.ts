import { SaxesParser, type SaxesTagNS } from 'saxes';

import { foldDn } from '#shared/text/distinguished-name.ts';

import { FileProblem } from './file-problem.ts';
import type { FileItem, FileParser, FileRecord, Place } from './file-record.ts';
import { readUrlValue } from './file-url.ts';
import { decodeBase64, toValue } from './file-value.ts';

const namespace = 'urn:oasis:names:tc:DSML:2:0:core';
const instance = 'http://www.w3.org/2001/XMLSchema-instance';
/** Elements within one another; the format itself needs six. */
const depthLimit = 32;
/** A character or an entity by its name, whole or as far as a piece of the file goes. */
const reference = /^&(?:#\d*|#x[\da-f]*|[a-z][a-z\d]*)?(?:;|$)/i;
const longestReference = 12;
/** Longest value, characters. */
const valueLimit = 32 * 1024 * 1024;

const entryElements: Readonly<Record<string, FileRecord['change']>> = {
  searchResultEntry: 'content',
  addRequest: 'add',
  delRequest: 'delete',
  modifyRequest: 'modify',
  modDNRequest: 'rename',
};

interface Entry {
  readonly place: Place;
  readonly dn: string;
  readonly change: FileRecord['change'];
  readonly values: Map<string, string[]>;
  flaw:
    | { readonly word: 'invalid-base64-value' | 'invalid-attribute-value'; readonly detail: string }
    | undefined;
}

/**
 * Directory Services Markup Language 2.0: the entries of search responses and add requests, and deletions. No document
 * type, no entity but XML's own five, nothing fetched.
 */
export class DsmlParser implements FileParser {
  readonly #urlFolder: string | undefined;
  readonly #xml: SaxesParser<{ xmlns: true; position: true }>;
  #depth = 0;
  #entry: Entry | undefined;
  #attribute: string | undefined;
  #value: { text: string; readonly type: string } | undefined;
  #items: FileItem[] = [];
  /** An ampersand that begins nothing that XML knows; in comments and sections of characters it may. */
  #stray: Place | undefined;

  constructor(urlFolder: string | undefined) {
    this.#urlFolder = urlFolder;
    const xml = new SaxesParser({ xmlns: true, position: true });
    this.#xml = xml;
    xml.on('error', (error) => {
      if (this.#stray !== undefined) this.#stop('An "&" that is not written "&amp;"', this.#stray);
      this.#stop(error.message.replace(/^\d+:\d+:\s*/, ''));
    });
    xml.on('doctype', () => this.#stop('A document type is not allowed'));
    xml.on('opentag', (tag) => this.#open(tag));
    xml.on('closetag', (tag) => this.#close(tag.local));
    const onText = (text: string): void => this.#add(text);
    xml.on('text', onText);
    xml.on('cdata', (text) => {
      this.#stray = undefined;
      onText(text);
    });
    xml.on('comment', () => {
      this.#stray = undefined;
    });
  }

  *push(text: string): Generator<FileItem> {
    yield* this.#parse(() => this.#write(text));
  }

  *end(): Generator<FileItem> {
    yield* this.#parse(() => this.#xml.close());
  }

  /** The XML parser takes a stray ampersand for an entity that goes on until the next semicolon, or for ever. */
  #write(text: string): void {
    let start = 0;
    for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
      const piece = text.slice(at, at + longestReference);
      // A whole one ends before the piece does.
      if (reference.test(piece.length < longestReference ? piece : `${piece} `)) continue;
      this.#xml.write(text.slice(start, at));
      start = at;
      this.#stray ??= { line: this.#xml.line, column: this.#xml.column + 1 };
    }
    this.#xml.write(start === 0 ? text : text.slice(start));
  }

  /** What was whole before a fault is given out before it is told. */
  *#parse(step: () => void): Generator<FileItem> {
    let problem: unknown;
    try {
      step();
    } catch (error) {
      problem = error;
    }
    yield* this.#items.splice(0);
    if (problem !== undefined) throw problem;
  }

  #open(tag: SaxesTagNS): void {
    this.#depth += 1;
    if (this.#depth > depthLimit) this.#stop('The elements lie too deep within one another');
    if (this.#depth === 1 && (tag.uri !== namespace || !/^batch(?:Request|Response)$/.test(tag.local)))
      this.#stop(`<${tag.name}> is no batchRequest or batchResponse of DSML 2.0`);
    if (tag.uri !== namespace) return;
    const change = entryElements[tag.local];
    if (change !== undefined && this.#entry === undefined) {
      const dn = attributeOf(tag, 'dn') ?? '';
      this.#entry = { place: this.#place(), dn, change, values: new Map(), flaw: undefined };
    } else if (tag.local === 'attr' && this.#entry !== undefined) {
      this.#attribute = (attributeOf(tag, 'name') ?? '').split(';')[0]?.toLowerCase() ?? '';
    } else if (tag.local === 'value' && this.#attribute !== undefined) {
      const type = tag.attributes[Object.keys(tag.attributes).find((name) => isTypeOf(tag, name)) ?? ''];
      this.#value = { text: '', type: type?.value.replace(/^.*:/, '') ?? 'string' };
    }
  }

  #add(text: string): void {
    if (this.#value === undefined) return;
    this.#value.text += text;
    if (this.#value.text.length > valueLimit) this.#stop('The value is too long');
  }

  #close(name: string): void {
    this.#depth -= 1;
    if (name === 'value' && this.#value !== undefined) {
      this.#keep(this.#value);
      this.#value = undefined;
    } else if (name === 'attr') this.#attribute = undefined;
    else if (this.#entry !== undefined && entryElements[name] === this.#entry.change) {
      this.#items.push(finish(this.#entry));
      this.#entry = undefined;
    }
  }

  #keep({ text, type }: { readonly text: string; readonly type: string }): void {
    const entry = this.#entry;
    const name = this.#attribute;
    if (entry === undefined || name === undefined) return;
    let value = text;
    if (type === 'base64Binary') {
      const bytes = decodeBase64(text.replaceAll(/\s+/g, ''));
      if (bytes === undefined)
        entry.flaw ??= { word: 'invalid-base64-value', detail: `A value of "${name}" is no base64` };
      else value = toValue(bytes);
    } else if (type === 'anyURI') {
      try {
        value = toValue(readUrlValue(text.trim(), this.#urlFolder));
      } catch (error) {
        const detail = error instanceof Error ? error.message : 'The value cannot be read';
        entry.flaw ??= { word: 'invalid-attribute-value', detail };
      }
    }
    const before = entry.values.get(name);
    if (before === undefined) entry.values.set(name, [value]);
    else before.push(value);
  }

  #place(): Place {
    return { line: this.#xml.line, column: this.#xml.column };
  }

  /** What is not well-formed cannot be read on: nobody knows where the next entry begins. */
  #stop(message: string, place: Place = this.#place()): never {
    throw new FileProblem('stopped-parsing-errors', 'parse-error', message, {
      place,
      fix: 'Write the file anew; what it showed before this place was taken.',
    });
  }
}

function finish({ place, dn, change, values, flaw }: Entry): FileItem {
  if (flaw !== undefined) return { kind: 'bad', place, dn, ...flaw };
  if (dn === '') return { kind: 'bad', place, word: 'missing-dn', detail: 'The entry has no name' };
  if (foldDn(dn) === undefined)
    return {
      kind: 'bad',
      place,
      dn,
      word: 'dn-not-ldap-conformant',
      detail: `"${dn}" is no distinguished name`,
    };
  return { kind: 'record', place, dn, change, values };
}

function attributeOf({ attributes }: SaxesTagNS, name: string): string | undefined {
  return attributes[name]?.value;
}

function isTypeOf({ attributes }: SaxesTagNS, name: string): boolean {
  return attributes[name]?.local === 'type' && attributes[name].uri === instance;
}
