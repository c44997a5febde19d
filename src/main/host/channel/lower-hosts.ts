const header = 2;
const sizeLength = 4;

/**
 * Writes the hosts of service names in a keytab, format 2, in lower case: administrators register
 * `ENTSSO/INTSVR1.fabrikam.com`, domain controllers compare without regard to case, and GSSAPI finds a key by the
 * lower-case host only. Tells whether anything was altered.
 */
export function lowerHosts(keytab: Uint8Array): boolean {
  const view = new DataView(keytab.buffer, keytab.byteOffset, keytab.byteLength);
  let altered = false;
  for (let at = header; at + sizeLength <= keytab.length; ) {
    const size = view.getInt32(at);
    at += sizeLength;
    if (size === 0) break;
    // A negative size is the hole that a deleted entry left.
    if (size > 0) altered = lowerHost(keytab.subarray(at, at + size)) || altered;
    at += Math.abs(size);
  }
  return altered;
}

function lowerHost(entry: Uint8Array): boolean {
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
  if (entry.length < 4 || view.getUint16(0) !== 2) return false;
  let at = 2;
  // The realm, then the service.
  for (let passed = 0; passed < 2; passed += 1) {
    if (at + 2 > entry.length) return false;
    at += 2 + view.getUint16(at);
  }
  if (at + 2 > entry.length) return false;
  let altered = false;
  const end = Math.min(entry.length, at + 2 + view.getUint16(at));
  for (let place = at + 2; place < end; place += 1) {
    const letter = entry[place] ?? 0;
    if (letter < 0x41 || letter > 0x5a) continue;
    entry[place] = letter + 0x20;
    altered = true;
  }
  return altered;
}
