import { base64Form } from '#shared/text/base64.ts';

import { replacement } from './file-text.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/;

/** The bytes of a base64 text; undefined where it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  return base64Form.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** UTF-8 without control characters as text, anything else base64. */
export function toValue(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!controlCharacter.test(text)) return text;
  } catch {
    // Not UTF-8.
  }
  return bytes.toString('base64');
}

/** What no text of a file may hold: a NUL, or bytes that its encoding does not know. Undefined where there is none. */
export function findForeign(text: string): { readonly at: number; readonly detail: string } | undefined {
  const nul = text.indexOf('\0');
  if (nul !== -1) return { at: nul, detail: 'A NUL character; the file may have another encoding' };
  const foreign = text.indexOf(replacement);
  return foreign === -1
    ? undefined
    : { at: foreign, detail: 'Bytes that the encoding of the file does not know' };
}
