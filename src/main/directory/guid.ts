/** Where the bytes of a GUID stand in its text: the first three fields are little-endian (MS-DTYP 2.3.4.2). */
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** Text form of a GUID, lower case. */
export function formatGuid(bytes: Uint8Array): string {
  const hex = order.map((index) => (bytes[index] ?? 0).toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function parseGuid(text: string): Uint8Array<ArrayBuffer> {
  const hex = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(hex)) throw new RangeError(`Not a GUID: ${text}`);
  const bytes = new Uint8Array(16);
  for (const [position, index] of order.entries())
    bytes[index] = Number.parseInt(hex.slice(position * 2, position * 2 + 2), 16);
  return bytes;
}
