import { createHash } from 'node:crypto';

import { AppError } from '#shared/model/app-error.ts';

export interface KeytabEntry {
  /** `PCNSCLNT/host.example.com@REALM`. */
  readonly principal: string;
  readonly version: number;
  /** Encryption type of RFC 3961: 17 and 18 are AES, 23 is RC4. */
  readonly encryption: number;
  /** Tells whether two entries have the same key, and nothing else of it. */
  readonly keyDigest: string;
}

/** Lists the names in a keytab, format 2, without its keys. Throws `AppError` `damaged`. */
export function readKeytabNames(bytes: Uint8Array): readonly KeytabEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2 || view.getUint16(0) !== 0x0502) throw new AppError('damaged', 'Not a keytab');
  const entries: KeytabEntry[] = [];
  for (let at = 2; at + 4 <= bytes.length; ) {
    const size = view.getInt32(at);
    at += 4;
    if (size === 0) break;
    // A negative size is the hole that a deleted entry left.
    if (size > 0) entries.push(readEntry(bytes.subarray(at, at + size), size));
    at += Math.abs(size);
  }
  return entries;
}

function readEntry(bytes: Uint8Array, size: number): KeytabEntry {
  if (bytes.length < size) throw new AppError('damaged', 'The keytab ends inside an entry');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const text = (): string => {
    const length = view.getUint16(at);
    const value = new TextDecoder().decode(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
    return value;
  };
  try {
    const components = view.getUint16(at);
    at += 2;
    const realm = text();
    const names = Array.from({ length: Math.min(components, 16) }, text);
    at += 8;
    const version = view.getUint8(at);
    const encryption = view.getUint16(at + 1);
    const length = view.getUint16(at + 3);
    const key = bytes.subarray(at + 5, at + 5 + length);
    if (key.length < length) throw new RangeError('The key ends early');
    const keyDigest = createHash('sha256').update(`${encryption}:`).update(key).digest('base64');
    return { principal: `${names.join('/')}@${realm}`, version, encryption, keyDigest };
  } catch (cause) {
    throw new AppError('damaged', 'The keytab ends inside an entry', { cause });
  }
}
