import { SaxesParser } from 'saxes';

import { AppError } from '#shared/model/app-error.ts';

import type { XmlElement, XmlNode } from './xml-document.ts';

const longestFile = 64 * 1024 * 1024;
const mostElements = 2_000_000;
const mostAttributes = 256;
const deepest = 64;

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
}

/**
 * Reads an XML file whole, with its comments. Document types are refused, and so there are no entities but XML's own
 * five: nothing is fetched and nothing grows. Throws `AppError` `invalid_input` with file and line.
 */
export function readXml(bytes: Uint8Array, file: string): XmlElement {
  if (bytes.length > longestFile)
    throw new AppError('invalid_input', `${file} is longer than ${longestFile} bytes`);
  const { text, encoding } = decode(bytes, file);
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const refuse = (why: string): never => {
    throw new AppError('invalid_input', `${file}:${parser.line}: ${why}`, {
      fix: 'Export the file again; nothing was changed.',
    });
  };
  parser.on('error', (error) => refuse(`is not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`));
  parser.on('doctype', () => refuse('a document type is not taken'));
  parser.on('xmldecl', ({ version, encoding: stated }) => {
    if (version !== '1.0') refuse(`version ${version} of XML is not taken`);
    if (stated !== undefined && stated.toLowerCase() !== encoding)
      refuse(`the file says that it is ${stated} and is read as ${encoding}`);
  });
  parser.on('processinginstruction', () => refuse('a processing instruction is not taken'));
  parser.on('opentag', ({ name, attributes }) => {
    count += 1;
    if (count > mostElements) refuse(`there are more than ${mostElements} elements`);
    if (open.length >= deepest) refuse(`elements lie deeper than ${deepest}`);
    const list = Object.values(attributes);
    if (list.length > mostAttributes) refuse(`an element has more than ${mostAttributes} attributes`);
    open.push({ name, attributes: new Map(list.map((one) => [one.name, one.value])), children: [] });
  });
  const addText = (part: string): void => {
    const children = open.at(-1)?.children;
    const last = children?.at(-1);
    if (children === undefined) return;
    if (typeof last === 'string') children[children.length - 1] = last + part;
    else if (part !== '') children.push(part);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', (comment) => open.at(-1)?.children.push({ comment }));
  parser.on('closetag', () => {
    const done = open.pop();
    if (done === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = done;
    else parent.children.push(done);
  });
  parser.write(text).close();
  return root ?? refuse('there is no element');
}

/** UTF-8 or UTF-16, by its byte order mark; anything else would be read wrong without a word. */
function decode(bytes: Uint8Array, file: string): { readonly text: string; readonly encoding: string } {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { text, encoding: encoding === 'utf-8' ? encoding : 'utf-16' };
  } catch (cause) {
    throw new AppError('invalid_input', `${file} is not text in ${encoding.toUpperCase()}`, {
      cause,
      fix: 'Export the file again, or save it as UTF-8.',
    });
  }
}
