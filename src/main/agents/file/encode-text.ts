import type { FileEncoding } from '#shared/model/agent-file.ts';

/** The bytes of a text; undefined where the encoding lacks one of its characters. */
export function encodeText(text: string, encoding: FileEncoding): Buffer | undefined {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'iso-8859-1':
      return encodeEach(text, (code) => (code < 0x100 ? code : undefined));
    case 'windows-1252':
      return encodeEach(text, (code) => windows.get(code));
  }
}

/** Bytes of Windows-1252 by the characters that they stand for. */
const windows = new Map(
  [...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))].map(
    (character, byte) => [character.charCodeAt(0), byte],
  ),
);

function encodeEach(text: string, byteOf: (code: number) => number | undefined): Buffer | undefined {
  const bytes = Buffer.alloc(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const byte = byteOf(text.charCodeAt(index));
    if (byte === undefined) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}
