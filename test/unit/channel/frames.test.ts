import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Frame, FrameError } from '#channel/frame.ts';
import { writeFrame } from '#channel/frame-codec.ts';
import { FrameOutput } from '#channel/frame-output.ts';
import { FrameReader } from '#channel/frame-reader.ts';

import { anyFrame } from './any-frame.ts';
import { newChange } from './channel-world.ts';

function encode(...frames: readonly Frame[]): Uint8Array {
  const out = new FrameOutput();
  for (const frame of frames) writeFrame(out, frame);
  return Uint8Array.from(out.written);
}

/** What a reader hands over, with the bytes copied before they are wiped. */
function collect(expects: () => boolean = () => true) {
  const frames: Frame[] = [];
  const reader = new FrameReader({
    expects,
    onFrame: (frame) => {
      const copied = Object.entries(frame).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? Uint8Array.from(value) : value,
      ]);
      frames.push(Object.fromEntries(copied) as Frame);
    },
  });
  return { frames, reader };
}

function pushInPieces(reader: FrameReader, stream: Uint8Array, sizes: readonly number[]): void {
  for (let at = 0, index = 0; at < stream.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    // A copy: the reader wipes what it is given.
    reader.push(stream.slice(at, at + size));
    at += size;
  }
}

const changeFrame = (password: Uint8Array) =>
  ({ kind: 'change', sequence: 1, change: newChange(), password }) as const;

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(anyFrame, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }),
      (sent, sizes) => {
        const { frames, reader } = collect();
        pushInPieces(reader, encode(...sent), sizes);
        expect(frames).toEqual(sent);
        expect(reader.isWithinFrame).toBe(false);
      },
    ),
    { numRuns: 1000 },
  );
});

test('frames come out of a stream that arrives byte by byte', () => {
  const sent = [
    changeFrame(Uint8Array.of(1, 2, 3)),
    { kind: 'heartbeat-answer', sequence: 2, clock: 3 },
  ] as const;
  const { frames, reader } = collect();
  pushInPieces(reader, encode(...sent), [1]);
  expect(frames).toEqual(sent);
});

test('a chunk is zero when it was read, and so is a frame that came in pieces', () => {
  const password = new TextEncoder().encode('Correct-Horse-7');
  const stream = encode(changeFrame(password));
  let seen: Uint8Array | undefined;
  const reader = new FrameReader({
    expects: () => true,
    onFrame: (frame) => {
      if (frame.kind === 'change') seen = frame.password;
    },
  });
  const whole = Uint8Array.from(stream);
  reader.push(whole);
  expect(seen).toEqual(new Uint8Array(password.length));
  expect(whole.every((byte) => byte === 0)).toBe(true);
  const [first, second] = [stream.slice(0, 60), stream.slice(60)];
  reader.push(first);
  reader.push(second);
  expect([...first, ...second].every((byte) => byte === 0)).toBe(true);
  expect(seen).toEqual(new Uint8Array(password.length));
});

test('bytes behind a broken frame are wiped as well', () => {
  const stream = Uint8Array.from([
    ...encode({ kind: 'heartbeat-answer', sequence: 1, clock: 1 }),
    0xff,
    0xff,
    0xff,
    0xff,
    9,
    1,
    2,
  ]);
  const { reader } = collect();
  expect(() => reader.push(stream)).toThrow(FrameError);
  expect(stream.every((byte) => byte === 0)).toBe(true);
});

test('what was gathered of an unfinished change is wiped when the connection ends', () => {
  const secret = new Uint8Array(100).fill(0x41);
  const stream = encode(changeFrame(secret));
  const { reader } = collect();
  reader.push(stream.slice(0, 160));
  reader.close();
  expect(reader.isWithinFrame).toBe(true);
  // Nothing of it comes out any more.
  reader.push(stream.slice(160));
  expect(reader.count).toBe(0);
});

test('a length is refused before a byte of the body is kept', () => {
  for (const [size, type] of [
    [0, 5],
    [1, 5],
    [65_537, 5],
    [0xffff_ffff, 5],
    // More than a change can have.
    [5000, 5],
    // More than an answer can have.
    [30, 6],
    [10, 0],
    [10, 12],
    // More than a record can have.
    [16_386, 11],
    [10, 255],
  ]) {
    const header = Uint8Array.of(0, 0, 0, 0, type ?? 0);
    new DataView(header.buffer).setUint32(0, size ?? 0);
    expect(() => collect().reader.push(header), `${size} of type ${type}`).toThrow(FrameError);
  }
});

test('a frame that has no place at this moment is refused by its header alone', () => {
  const { reader } = collect(() => false);
  const header = encode(changeFrame(new Uint8Array(20))).slice(0, 5);
  expect(() => reader.push(header)).toThrow('A change has no place here');
});

test('a reader that refused once hands nothing over any more', () => {
  const { frames, reader } = collect();
  expect(() => reader.push(Uint8Array.of(0, 0, 0, 0, 1))).toThrow(FrameError);
  reader.push(encode({ kind: 'heartbeat-answer', sequence: 1, clock: 1 }));
  expect(frames).toEqual([]);
});

test('a frame whose fields end before or after it is refused', () => {
  const stream = encode({ kind: 'bye', code: 'closed', event: 0, message: 'so long' });
  const shorter = stream.slice(0, -1);
  new DataView(shorter.buffer).setUint32(0, stream.length - 5);
  expect(() => collect().reader.push(shorter)).toThrow('ends too early');
  const longer = Uint8Array.from([...stream, 7]);
  new DataView(longer.buffer).setUint32(0, stream.length - 3);
  expect(() => collect().reader.push(longer)).toThrow('1 bytes too many');
});

test('text that would break a log line leaves no sender and enters no receiver', () => {
  const frame = changeFrame(new Uint8Array(4));
  const account = (text: string) => ({ ...frame, change: newChange({ account: text }) });
  expect(() => encode(account('alice\nroot'))).toThrow(FrameError);
  const stream = encode(account('alice-root'));
  const at = Buffer.from(stream).indexOf('alice-root') + 5;
  stream[at] = 0x0a;
  expect(() => collect().reader.push(stream)).toThrow('control characters');
});

test('text that is not UTF-8 is refused', () => {
  const stream = encode({ kind: 'bye', code: 'closed', event: 0, message: 'abc' });
  stream[stream.length - 1] = 0xff;
  expect(() => collect().reader.push(stream)).toThrow('not UTF-8');
});

test('a frame that cannot be written leaves nothing behind', () => {
  const out = new FrameOutput();
  writeFrame(out, { kind: 'heartbeat-answer', sequence: 1, clock: 1 });
  const before = Uint8Array.from(out.written);
  expect(() => writeFrame(out, changeFrame(new Uint8Array(2049).fill(1)))).toThrow(FrameError);
  expect(() =>
    writeFrame(out, { ...changeFrame(new Uint8Array(1)), change: newChange({ version: -1 }) }),
  ).toThrow(FrameError);
  expect(out.written).toEqual(before);
});

test('words for the other side are cut to one line that fits', () => {
  const { frames, reader } = collect();
  reader.push(
    encode({ kind: 'bye', code: 'refused', event: 1, message: `line\r\nbreak ${'€'.repeat(5000)}` }),
  );
  expect(frames).toMatchObject([{ message: expect.stringMatching(/^line break €{300,}$/) }]);
});
