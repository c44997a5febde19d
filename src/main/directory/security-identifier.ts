/** Text form of a binary SID (MS-DTYP 2.4.2.1); undefined for bytes that are none. */
export function tryFormatSid(bytes: Uint8Array): string | undefined {
  const count = bytes[1] ?? 0;
  if (bytes[0] !== 1 || count > 15 || bytes.length !== 8 + count * 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4);
  const parts = Array.from({ length: count }, (_, index) => view.getUint32(8 + index * 4, true));
  return ['S-1', authority, ...parts].join('-');
}

/** The binary form of a SID in text; throws for text that is none. */
export function parseSid(text: string): Uint8Array {
  const [, authority, ...parts] = /^S-1-\d+(?:-\d+){1,15}$/.test(text)
    ? text.slice(2).split('-').map(Number)
    : [];
  if (authority === undefined || authority >= 2 ** 48 || parts.some((part) => part >= 2 ** 32))
    throw new RangeError(`Not a security identifier: ${text}`);
  const bytes = new Uint8Array(8 + parts.length * 4);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  bytes[1] = parts.length;
  view.setUint16(2, Math.floor(authority / 2 ** 32));
  view.setUint32(4, authority % 2 ** 32);
  for (const [index, part] of parts.entries()) view.setUint32(8 + index * 4, part, true);
  return bytes;
}
