import { expect, test } from 'vitest';

import { toUnicodePassword } from '#agents/active-directory/unicode-password.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const convert = (bytes: Uint8Array) => Buffer.from(toUnicodePassword(SecretBytes.copy(bytes)).bytes);

test.each(['', 'plain', 'Größe', '鍵', '😀👍🏽', 'a"b', '\u0000', '\uffff', '\u{10ffff}', 'x'.repeat(500)])(
  '%j is what UTF-16 makes of it, in quotes',
  (text) => {
    expect(convert(Buffer.from(text)).equals(Buffer.from(`"${text}"`, 'utf16le'))).toBe(true);
  },
);

test.each([
  ['a lone continuation', [0x80]],
  ['a character cut off', [0xe2, 0x82]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong euro', [0xf0, 0x82, 0x82, 0xac]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a number beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['a byte that UTF-8 never has', [0xff]],
])('%s is no UTF-8', (_what, bytes) => {
  expect(() => convert(Uint8Array.from(bytes))).toThrow(RangeError);
});

test('the value lies outside the V8 heap and can be wiped', () => {
  const value = toUnicodePassword(SecretBytes.copy(Buffer.from('secret')));
  const { bytes } = value;
  value.wipe();
  expect(bytes.some((byte) => byte !== 0)).toBe(false);
  expect(bytes.buffer.byteLength).toBe(bytes.length);
});
