const utf8 = new TextDecoder();

/** UTF-8 of which each character is a byte. */
export function readUtf8(bytes: string): string {
  for (let index = 0; index < bytes.length; index += 1)
    if (bytes.charCodeAt(index) > 0x7f) return utf8.decode(Buffer.from(bytes, 'latin1'));
  return bytes;
}
