import { expect, test } from 'vitest';

import { BerReader } from '#directory/ber-reader.ts';
import { berTag, contextTag } from '#directory/ber-tag.ts';
import { BerWriter } from '#directory/ber-writer.ts';
import { InputBuffer } from '#directory/input-buffer.ts';
import { LinkError } from '#directory/link-error.ts';

test.each([0, 1, 127, 128, 255, 256, 32_767, 32_768, 0x7fffffff, -1, -128, -129, -0x80000000])(
  'the integer %i comes back',
  (value) => {
    const writer = new BerWriter(1);
    writer.integer(value);
    expect(new BerReader(writer.finish()).integer(berTag.integer)).toBe(value);
  },
);

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000])(
  '%i bytes come back through a writer that has to grow',
  (length) => {
    const value = new Uint8Array(length).fill(7);
    const writer = new BerWriter(8);
    const outer = writer.start();
    writer.text('before', contextTag(1));
    writer.bytes(value);
    writer.boolean(true);
    writer.end(outer);
    const reader = new BerReader(writer.finish()).enter(berTag.sequence);
    expect(reader.text(contextTag(1))).toBe('before');
    expect(reader.bytes(berTag.octetString)).toEqual(value);
    expect(reader.boolean(berTag.boolean)).toBe(true);
    expect(reader.more).toBe(false);
  },
);

test('a writer leaves nothing behind, neither when it grows nor when it ends', () => {
  const writer = new BerWriter(16);
  writer.text('secret-one');
  const before = writer.finish().buffer;
  writer.text('secret-two-that-needs-more-room-than-there-is');
  const after = writer.finish().buffer;
  writer.wipe();
  expect(after).not.toBe(before);
  for (const buffer of [before, after]) expect(Buffer.from(buffer).some((byte) => byte !== 0)).toBe(false);
});

test.each([
  ['nothing', []],
  ['a tag alone', [0x30]],
  ['a length that is cut off', [0x30, 0x82, 0x01]],
  ['a length beyond the end', [0x30, 0x05, 0x01]],
  ['an indefinite length', [0x30, 0x80, 0x00, 0x00]],
  ['a length of five bytes', [0x30, 0x85, 0, 0, 0, 0, 1, 0]],
  ['another tag', [0x31, 0x00]],
] as const)('%s is no sequence', (_what, bytes) => {
  expect(() => new BerReader(Uint8Array.from(bytes)).enter(berTag.sequence)).toThrow(LinkError);
});

test.each([
  ['an empty integer', [0x02, 0x00], 'integer'],
  ['an integer of five bytes', [0x02, 0x05, 1, 2, 3, 4, 5], 'integer'],
  ['a boolean of two bytes', [0x01, 0x02, 1, 1], 'boolean'],
] as const)('%s is refused', (_what, bytes, kind) => {
  expect(() => new BerReader(Uint8Array.from(bytes))[kind]()).toThrow(LinkError);
});

test('messages come whole, however the stream is cut', () => {
  const messages = [2, 60, 200, 70_000].map((size) => {
    const writer = new BerWriter();
    const whole = writer.start();
    writer.bytes(new Uint8Array(size).fill(size & 0xff));
    writer.end(whole);
    return Buffer.from(writer.finish());
  });
  const stream = Buffer.concat([...messages, ...messages]);
  for (const step of [1, 3, 7, 64, 65_536, stream.length]) {
    const input = new InputBuffer();
    const found: Buffer[] = [];
    for (let at = 0; at < stream.length; at += step)
      for (const message of input.push(stream.subarray(at, at + step))) found.push(Buffer.from(message));
    expect(found.map(({ length }) => length)).toEqual([...messages, ...messages].map(({ length }) => length));
    expect(Buffer.concat(found).equals(stream)).toBe(true);
  }
});

test('a message that is announced larger than allowed is refused before it comes', () => {
  const announce = (size: number) => {
    const header = Buffer.from([0x30, 0x84, 0, 0, 0, 0]);
    header.writeUInt32BE(size, 2);
    return header;
  };
  expect(() => [...new InputBuffer(1000).push(announce(2000))]).toThrow(/announced a message of 2006 bytes/);
  expect(() => [...new InputBuffer().push(announce(0xffffffff))]).toThrow(LinkError);
  expect([...new InputBuffer().push(announce(60_000_000))]).toEqual([]);
  expect(() => [...new InputBuffer().push(Buffer.from('HTTP/1.1 400 Bad Request\r\n'))]).toThrow(
    /no LDAP message/,
  );
});
