import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const quote = 0x22;

/**
 * The value of unicodePwd: the password in quotes, UTF-16LE (MS-ADTS 3.1.1.3.1.5). Decodes byte by byte, so that
 * no string ever holds it. Throws `RangeError` where `password` is not UTF-8.
 */
export function toUnicodePassword(password: SecretBytes): SecretBytes {
  const source = password.bytes;
  // One UTF-8 byte never becomes more than one UTF-16 unit.
  using units = SecretBytes.allocate((source.length + 2) * 2);
  const { bytes } = units;
  let at = 0;
  const unit = (value: number): void => {
    bytes[at++] = value & 0xff;
    bytes[at++] = value >> 8;
  };
  unit(quote);
  for (let index = 0; index < source.length; ) {
    const [point, next] = readCodePoint(source, index);
    index = next;
    if (point < 0x10000) unit(point);
    else {
      unit(0xd800 + ((point - 0x10000) >> 10));
      unit(0xdc00 + ((point - 0x10000) & 0x3ff));
    }
  }
  unit(quote);
  return SecretBytes.copy(bytes.subarray(0, at));
}

/** One character of UTF-8 (RFC 3629 3) and where the next begins. */
function readCodePoint(bytes: Uint8Array, at: number): readonly [point: number, next: number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, at + 1];
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) throw new RangeError('Not UTF-8');
  let point = first & (0xff >> (size + 1));
  for (let index = at + 1; index < at + size; index += 1) {
    const byte = bytes[index] ?? 0;
    if ((byte & 0xc0) !== 0x80) throw new RangeError('Not UTF-8');
    point = (point << 6) | (byte & 0x3f);
  }
  const shortest = [0, 0, 0x80, 0x800, 0x10000][size] ?? 0;
  if (point < shortest || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
    throw new RangeError('Not UTF-8');
  return [point, at + size];
}
