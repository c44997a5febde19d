const lengthPrefix = 2;

/** Typed credential fields as one secret, base64: each value's UTF-8 bytes with their length before them, 16 bits. */
export function encodeFields(values: readonly string[]): string {
  const parts = values.map((value) => new TextEncoder().encode(value));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + lengthPrefix + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  try {
    for (const part of parts) {
      view.setUint16(at, part.length);
      bytes.set(part, at + lengthPrefix);
      at += lengthPrefix + part.length;
    }
    return btoa(String.fromCharCode(...bytes));
  } finally {
    for (const part of parts) part.fill(0);
    bytes.fill(0);
  }
}
