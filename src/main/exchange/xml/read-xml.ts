import { AppError } from '#shared/model/app-error.ts';

import { decodeText } from './decode-text.ts';
import { parseXml } from './parse-xml.ts';
import type { XmlElement } from './xml-document.ts';

const longestFile = 64 * 1024 * 1024;

/** Reads an XML file whole, with its comments. Throws `AppError` `invalid_input` with file and line. */
export function readXml(bytes: Uint8Array, file: string): XmlElement {
  if (bytes.length > longestFile)
    throw new AppError('invalid_input', `${file} is longer than ${longestFile} bytes`);
  const { text, encoding } = decodeText(bytes, file);
  return parseXml(text, {
    file,
    encodings: [encoding],
    mostElements: 2_000_000,
    deepest: 64,
    fix: 'Export the file again; nothing was changed.',
  });
}
