import { AppError } from '#shared/model/app-error.ts';

/**
 * The text of a file in UTF-8 or in the UTF-16 that Windows writes, by its byte order mark; anything else would be read
 * wrong without a word. Throws `AppError` `invalid_input` where the bytes are no such text.
 */
export function decodeText(
  bytes: Uint8Array,
  file: string,
): { readonly text: string; readonly encoding: 'utf-8' | 'utf-16' } {
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
