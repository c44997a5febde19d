import { createReadStream } from 'node:fs';

import type { FileConnection, FileEncoding } from '#shared/model/agent-file.ts';

/** Bytes read at once. */
const pieceSize = 256 * 1024;

/** What takes the place of bytes that the encoding does not know; records that hold it are bad. */
export const replacement = '\uFFFD';

/** The text of a file in pieces. Its byte order mark, where it has one, decides the encoding and is no part of it. */
export async function* readFileText(
  { path, encoding }: FileConnection,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let decoder: ((bytes: Uint8Array, isLast: boolean) => string) | undefined;
  for await (const bytes of createReadStream(path, {
    highWaterMark: pieceSize,
    signal,
  }) as AsyncIterable<Buffer>) {
    const mark = decoder === undefined ? markOf(bytes) : undefined;
    decoder ??= decoderOf(mark?.encoding ?? encoding);
    yield decoder(mark === undefined ? bytes : bytes.subarray(mark.length), false);
  }
  const rest = decoder?.(new Uint8Array(), true) ?? '';
  if (rest !== '') yield rest;
}

function markOf(bytes: Uint8Array): { readonly encoding: FileEncoding; readonly length: number } | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

function decoderOf(encoding: FileEncoding): (bytes: Uint8Array, isLast: boolean) => string {
  // To the web, this name means windows-1252.
  if (encoding === 'iso-8859-1')
    return (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (bytes, isLast) => decoder.decode(bytes, { stream: !isLast });
}
