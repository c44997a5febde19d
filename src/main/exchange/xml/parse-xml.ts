import { SaxesParser } from 'saxes';

import { AppError } from '#shared/model/app-error.ts';

import type { XmlElement, XmlNode } from './xml-document.ts';

const mostAttributes = 256;

export interface XmlRules {
  /** What an error names. */
  readonly file: string;
  /** Encodings, in lower case, that the document may say it has. */
  readonly encodings: readonly string[];
  readonly mostElements: number;
  readonly deepest: number;
  /** Behind each complaint, such as the number of an event. */
  readonly suffix?: string;
  readonly fix: string;
}

interface OpenElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
}

/**
 * Reads an XML document whole, with its comments. Document types are refused, and so there are no entities but XML's
 * own five (XML 1.0 4.6): nothing is fetched and nothing grows. Throws `AppError` `invalid_input` with file and line.
 */
export function parseXml(text: string, rules: XmlRules): XmlElement {
  const { file, encodings, mostElements, deepest, suffix = '', fix } = rules;
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const refuse = (why: string): never => {
    throw new AppError('invalid_input', `${file}:${parser.line}: ${why}${suffix}`, { fix });
  };
  parser.on('error', (error) => refuse(`is not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`));
  parser.on('doctype', () => refuse('a document type is not taken'));
  parser.on('xmldecl', ({ version, encoding: stated }) => {
    if (version !== '1.0') refuse(`version ${version} of XML is not taken`);
    if (stated !== undefined && !encodings.includes(stated.toLowerCase()))
      refuse(`the file says that it is ${stated} and is read as ${encodings[0]}`);
  });
  parser.on('processinginstruction', () => refuse('a processing instruction is not taken'));
  parser.on('opentag', ({ name, attributes }) => {
    count += 1;
    if (count > mostElements) refuse(`there are more than ${mostElements} elements`);
    if (open.length >= deepest) refuse(`elements lie deeper than ${deepest}`);
    const list = Object.values(attributes);
    if (list.length > mostAttributes) refuse(`an element has more than ${mostAttributes} attributes`);
    const known = new Map(list.map((one) => [one.name, one.value]));
    open.push({ name, line: parser.line, attributes: known, children: [] });
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
