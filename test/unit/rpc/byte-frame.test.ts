import fc from 'fast-check';
import { expect, test } from 'vitest';

import { decodeByteFrame, encodeByteFrame } from '#shared/rpc/byte-frame.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const frame = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), bytes, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
}));

const places = (value: unknown): boolean => JSON.stringify(value)?.includes('"$bytes"') ?? false;

test('a frame with bytes in it comes back as it was, wherever they stand', () => {
  fc.assert(
    fc.property(frame.object, bytes, (inner, secret) => {
      fc.pre(!places(inner));
      const message = encodeByteFrame({ inner, secret });
      if (message === undefined) throw new Error('The bytes were not seen');
      // Null prototypes and -0 are not what JSON keeps.
      expect(decodeByteFrame(message)).toEqual({ inner: keptByJson(inner), secret });
    }),
    { numRuns: 200 },
  );
});

function keptByJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(keptByJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keptByJson(inner)]));
  return Object.is(value, -0) ? 0 : value;
}

test('a frame without bytes needs no message, and a secret is never text in one', () => {
  expect(encodeByteFrame({ t: 'done', id: 1, output: [null, 'x'] })).toBeUndefined();
  using secret = SecretBytes.take(new TextEncoder().encode('geheim'));
  const message = encodeByteFrame({ secret }) ?? new Uint8Array();
  const length = new DataView(message.buffer).getUint32(0);
  expect(new TextDecoder().decode(message.subarray(4, 4 + length))).toBe('{"secret":{"$bytes":[0,6]}}');
});

test('a thousand messages that nobody encoded are read or refused, never more', () => {
  const json = fc.oneof(
    fc.json(),
    fc.record({ $bytes: fc.jsonValue() }).map((value) => JSON.stringify(value) ?? ''),
    fc.tuple(fc.integer(), fc.integer()).map((place) => JSON.stringify({ a: { $bytes: place } })),
  );
  fc.assert(
    fc.property(json, bytes, fc.integer({ min: -3, max: 3 }), (text, rest, wrong) => {
      const head = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Math.max(0, head.length + wrong));
      try {
        decodeByteFrame(Buffer.concat([length, head, rest]));
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
    { numRuns: 1000 },
  );
});
