import { SaxesParser } from 'saxes';

import { AppError } from '#shared/model/app-error.ts';

/** One element with what stands in it. */
export interface XmlElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its text, outer white space gone. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const longestFile = 16 * 1024 * 1024;
const mostElements = 500_000;
const deepest = 16;

/**
 * Reads a small XML document whole. There are no document types and so no entities but the five of XML itself
 * (XML 1.0 4.6): nothing is fetched, nothing grows. Throws `AppError` `invalid_input` with file and line.
 */
export function readXmlTree(text: string, file: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const refuse = (why: string): never => {
    throw new AppError('invalid_input', `${file}:${parser.line}: ${why} (event 10854)`, {
      fix: 'Correct this line of the file; nothing was changed.',
    });
  };
  if (text.length > longestFile) refuse(`the file is longer than ${longestFile} characters`);
  parser.on('error', (error) => refuse(`is not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`));
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!/^(?:utf-8|utf-16|us-ascii)$/i.test(encoding))
      refuse(`the file says that it is ${encoding}, and UTF-8 and UTF-16 are taken`);
  });
  parser.on('doctype', () => refuse('a document type is not taken'));
  parser.on('opentag', ({ name, attributes }) => {
    count += 1;
    if (count > mostElements) refuse(`there are more than ${mostElements} elements`);
    if (open.length >= deepest) refuse(`elements lie deeper than ${deepest}`);
    open.push({ name, line: parser.line, attributes: { ...attributes }, children: [], text: '' });
  });
  const addText = (part: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const done = open.pop();
    if (done === undefined) return;
    const element = { ...done, text: done.text.trim() };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  return root ?? refuse('there is no element');
}
