import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';

import { defineContract } from '#shared/rpc/contract.ts';
import { LineDecoder } from '#shared/rpc/line-decoder.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { secretInput } from '#shared/rpc/secret-input.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';

const contract = defineContract({
  methods: {
    'a.read': { access: 'browse', input: z.strictObject({ id: z.int() }), output: z.strictObject({}) },
    'a.write': {
      access: 'administer',
      input: z.strictObject({ secret: secretInput(32) }),
      output: z.strictObject({}),
    },
  },
  topics: { 'a.changed': { access: 'browse', payload: z.strictObject({}) } },
});

const anyId = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) },
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constant(2 ** 53),
);
const anyName = fc.oneof(
  fc.constantFrom('a.read', 'a.write', 'a.changed', 'toString', '__proto__'),
  fc.string(),
);
const anyFrame = fc.oneof(
  fc.anything({ withNullPrototype: true }),
  fc.record({ t: fc.constant('call'), id: anyId, method: anyName, input: fc.anything() }),
  fc.record({ t: fc.constant('subscribe'), id: anyId, topic: anyName }),
  fc.record({ t: fc.constantFrom('cancel', 'unsubscribe', 'done', 'event', 'x'), id: anyId }),
  fc.record({
    t: fc.constant('call'),
    id: anyId,
    method: anyName,
    input: fc.anything(),
    more: fc.anything(),
  }),
);

test('10,000 malformed frames neither crash the server nor reach a handler that they may not', async () => {
  const ran: string[] = [];
  const reported: unknown[] = [];
  const answers: unknown[] = [];
  const send = (frames: readonly unknown[]): void => {
    const [near, far] = createPortPair();
    near.receive((frame) => answers.push(frame));
    serve({
      contract,
      handlers: {
        'a.read': () => ({}),
        'a.write': () => {
          ran.push('a.write');
          return {};
        },
      },
      topics: new Topics(contract),
      port: far,
      access: 'browse',
      caller: 'fuzz',
      report: (error) => reported.push(error),
    });
    for (const frame of frames) {
      try {
        near.send(frame);
      } catch {
        // Not every value can be cloned; those never reach a boundary.
      }
    }
  };
  fc.assert(
    fc.property(anyFrame, (frame) => send([frame])),
    { numRuns: 10_000 },
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(ran).toEqual([]);
  expect(reported).toEqual([]);
  expect(answers.length).toBeGreaterThan(1000);
});

test('a line longer than the limit is refused before it is held whole', () => {
  const decoder = new LineDecoder(1000);
  const chunk = new Uint8Array(600).fill(0x61);
  expect([...decoder.push(chunk)]).toEqual([]);
  expect(() => [...decoder.push(chunk)]).toThrow(/longer than 1000/);
});

test('lines come out the same however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (values, sizes) => {
        const stream = new TextEncoder().encode(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
        const decoder = new LineDecoder();
        const seen: unknown[] = [];
        for (let at = 0; at < stream.length; ) {
          const { value: size } = sizes.next();
          seen.push(...decoder.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(seen).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      },
    ),
  );
});

test('10,000 random byte lines are parsed or refused, never more', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoder = new LineDecoder(100);
      try {
        for (const _ of decoder.push(bytes));
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid_input' });
      }
    }),
    { numRuns: 10_000 },
  );
});

test('a line that comes in several buffers survives their being wiped', () => {
  const line = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(5000) })}\n`);
  const decoder = new LineDecoder();
  const read = [line.subarray(0, 3000), line.subarray(3000)].flatMap((part) => {
    const chunk = Buffer.from(part);
    const frames = [...decoder.push(chunk)];
    chunk.fill(0);
    return frames;
  });
  expect(read).toEqual([{ text: 'x'.repeat(5000) }]);
});
