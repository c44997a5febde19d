const strict = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 without control characters as it is, anything else base64. */
export function readText(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes);
    if (!hasControlCharacter(text)) return text;
  } catch {
    // Not UTF-8.
  }
  return Buffer.from(bytes).toString('base64');
}

/** The same of bytes that are a character each. */
export function readEncodedText(bytes: string): string {
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return readText(Buffer.from(bytes, 'latin1'));
  }
  return bytes;
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
  }
  return false;
}
