import { BerReader } from '#directory/ber-reader.ts';
import { contextTag } from '#directory/ber-tag.ts';
import { passwordModify } from '#directory/modify-password.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** What slapd's socket overlay tells of one operation (slapo-sock(5)). */
export type SockRequest =
  | {
      readonly kind: 'password';
      readonly key: string;
      /** Whose password: a name of the directory, or whatever else the client wrote. */
      readonly target: string;
      readonly boundAs: string;
      readonly password: SecretBytes;
      readonly oldPassword: SecretBytes | undefined;
    }
  | { readonly kind: 'result'; readonly key: string; readonly code: number }
  | { readonly kind: 'other' };

const newline = 0x0a;
const colon = 0x3a;
const decoder = new TextDecoder();
/** Schemes of values that are hashed already (RFC 3112 and what servers add). */
const hashed = /^\{[A-Za-z0-9+/-]{2,24}\}/;

/**
 * Reads one request of the overlay. Everything but the passwords becomes text; passwords go from the bytes into
 * secrets. Whoever takes the request wipes them.
 */
export function readSockRequest(bytes: Uint8Array): SockRequest {
  const lines = splitLines(bytes);
  const kind = decoder.decode(lines[0] ?? new Uint8Array());
  const text = (name: string): string | undefined => {
    const value = lines.map((line) => fieldOf(line, name)).find((found) => found !== undefined);
    return value === undefined ? undefined : decoder.decode(value.bytes);
  };
  const key = `${text('connid') ?? ''}/${text('msgid') ?? ''}`;
  if (kind === 'RESULT') return { kind: 'result', key, code: Number(text('code') ?? Number.NaN) };
  const boundAs = text('binddn') ?? '';
  if (kind === 'MODIFY') return readModify(lines, key, boundAs, text('dn') ?? '');
  if (kind === 'EXTENDED' && text('oid') === passwordModify) return readPasswordModify(lines, key, boundAs);
  return { kind: 'other' };
}

function readModify(lines: readonly Uint8Array[], key: string, boundAs: string, target: string): SockRequest {
  let operation = '';
  let added: SecretBytes | undefined;
  let removed: SecretBytes | undefined;
  for (const line of lines) {
    for (const name of ['add', 'replace', 'delete']) {
      const attribute = fieldOf(line, name);
      if (attribute === undefined) continue;
      operation = /^userPassword$/i.test(decoder.decode(attribute.bytes)) ? name : '';
    }
    const value = operation === '' ? undefined : fieldOf(line, 'userPassword');
    if (value === undefined) continue;
    const secret = value.isBase64 ? decodeBase64(value.bytes) : SecretBytes.copy(value.bytes);
    if (operation === 'delete') {
      removed?.wipe();
      removed = secret;
    } else {
      added?.wipe();
      added = secret;
    }
  }
  if (added === undefined || isHashed(added)) {
    added?.wipe();
    removed?.wipe();
    return { kind: 'other' };
  }
  return { kind: 'password', key, target, boundAs, password: added, oldPassword: removed };
}

/** PasswdModifyRequestValue (RFC 3062 2). */
function readPasswordModify(lines: readonly Uint8Array[], key: string, boundAs: string): SockRequest {
  const value = lines.map((line) => fieldOf(line, 'value')).find((found) => found !== undefined);
  if (value === undefined) return { kind: 'other' };
  using request = value.isBase64 ? decodeBase64(value.bytes) : decodeBase64(trim(value.bytes));
  const reader = new BerReader(request.bytes).enter();
  let target = boundAs;
  let password: SecretBytes | undefined;
  let oldPassword: SecretBytes | undefined;
  while (reader.more) {
    const tag = reader.peek();
    if (tag === contextTag(0)) target = reader.text();
    else if (tag === contextTag(1)) oldPassword = SecretBytes.copy(reader.bytes());
    else if (tag === contextTag(2)) password = SecretBytes.copy(reader.bytes());
    else reader.skip();
  }
  // A password that the server makes up is in its answer to the client only.
  if (password !== undefined) return { kind: 'password', key, target, boundAs, password, oldPassword };
  oldPassword?.wipe();
  return { kind: 'other' };
}

/** Lines without their ends; a line that begins with a space goes on with the one before (RFC 2849). */
function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) lines.push(bytes.subarray(start));
  return lines;
}

function fieldOf(
  line: Uint8Array,
  name: string,
): { readonly bytes: Uint8Array; readonly isBase64: boolean } | undefined {
  if (line.length <= name.length || line[name.length] !== colon) return undefined;
  if (decoder.decode(line.subarray(0, name.length)).toLowerCase() !== name.toLowerCase()) return undefined;
  const isBase64 = line[name.length + 1] === colon;
  return { bytes: trim(line.subarray(name.length + (isBase64 ? 2 : 1))), isBase64 };
}

function trim(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x20 ? bytes.subarray(1) : bytes;
}

function isHashed({ bytes }: SecretBytes): boolean {
  // Only the scheme is decoded, never the whole value.
  return hashed.test(decoder.decode(bytes.subarray(0, 26)));
}

/** Base64 without a string in between. */
function decodeBase64(encoded: Uint8Array): SecretBytes {
  const digits = encoded.filter((byte) => digitOf(byte) !== undefined);
  const secret = SecretBytes.allocate(Math.floor((digits.length * 3) / 4));
  try {
    let word = 0;
    let bits = 0;
    let at = 0;
    for (const byte of digits) {
      word = ((word << 6) | (digitOf(byte) ?? 0)) & 0xffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      secret.bytes[at] = (word >> bits) & 0xff;
      at += 1;
    }
    return secret;
  } finally {
    digits.fill(0);
  }
}

function digitOf(byte: number): number | undefined {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 26;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30 + 52;
  if (byte === 0x2b) return 62;
  return byte === 0x2f ? 63 : undefined;
}
