import { AppError } from '#shared/model/app-error.ts';

import { parseXml } from '../xml/parse-xml.ts';
import { isElement, textAt, type XmlElement as XmlDocument } from '../xml/xml-document.ts';

/** One element with what stands in it. */
export interface XmlElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its text, outer white space gone. */
  readonly text: string;
}

const longestFile = 16 * 1024 * 1024;
const suffix = ' (event 10854)';
const fix = 'Correct this line of the file; nothing was changed.';

/** Reads a small XML document whole, without its comments. Throws `AppError` `invalid_input` with file and line. */
export function readXmlTree(text: string, file: string): XmlElement {
  if (text.length > longestFile)
    throw new AppError(
      'invalid_input',
      `${file}: the file is longer than ${longestFile} characters${suffix}`,
      {
        fix,
      },
    );
  // It is text already, whichever of these it was written in.
  const encodings = ['utf-8', 'utf-16', 'us-ascii', 'iso-8859-1', 'windows-1252'];
  return simplify(parseXml(text, { file, encodings, mostElements: 500_000, deepest: 16, suffix, fix }));
}

function simplify(element: XmlDocument): XmlElement {
  return {
    name: element.name,
    line: element.line ?? 0,
    attributes: Object.fromEntries(element.attributes),
    children: element.children.filter(isElement).map(simplify),
    text: textAt(element),
  };
}
