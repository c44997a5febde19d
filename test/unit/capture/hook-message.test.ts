import { expect, test } from 'vitest';

import { HookProtocolError, maxHookMessage, parseHookMessage } from '#capture/hook-message.ts';

function encode(account: string, password: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(account);
  const message = new Uint8Array(8 + name.length + password.length);
  message.set(new TextEncoder().encode('CHK1'));
  new DataView(message.buffer).setUint16(4, name.length);
  new DataView(message.buffer).setUint16(6, password.length);
  message.set(name, 8);
  message.set(password, 8 + name.length);
  return message;
}

/** Reproducible random numbers (xorshift32), so that a failing case can be found again. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

test('a whole message gives account and password, and wipes where the password stood', () => {
  const message = encode('zoë', new TextEncoder().encode('pässword'));
  const parsed = parseHookMessage(message, message.length);
  expect(parsed?.account).toBe('zoë');
  expect(new TextDecoder().decode(parsed?.password.bytes)).toBe('pässword');
  expect([...message.subarray(12)]).toEqual(Array(9).fill(0));
});

test('every prefix of a message is incomplete, not wrong', () => {
  const message = encode('jdoe', new TextEncoder().encode('secret'));
  for (let length = 0; length < message.length; length += 1)
    expect(parseHookMessage(message, length)).toBeUndefined();
});

test.each([
  ['another magic', Uint8Array.of(0x43, 0x48, 0x4b, 0x32)],
  ['an empty account', encode('', Uint8Array.of(1))],
  ['an account of 1025 bytes', encode('a'.repeat(1025), Uint8Array.of(1))],
  ['an empty password', encode('a', new Uint8Array())],
  ['a password of 2049 bytes', encode('a', new Uint8Array(2049))],
  ['an account with a line end', encode('a\nb', Uint8Array.of(1))],
  ['bytes after the end', new Uint8Array([...encode('a', Uint8Array.of(1)), 0])],
])('%s is refused', (_, message) => {
  expect(() => parseHookMessage(message, message.length)).toThrow(HookProtocolError);
});

test('100,000 mutated messages give a message, a wait or a HookProtocolError', () => {
  const random = createRandom(0x5eed);
  const seeds = [
    encode('jdoe', new TextEncoder().encode('Secret-1')),
    encode('a'.repeat(1024), new Uint8Array(2048).fill(0x61)),
    encode('日本語', new TextEncoder().encode('パスワード-1')),
  ];
  const outcomes = { parsed: 0, waiting: 0, refused: 0 };
  for (let round = 0; round < 100_000; round += 1) {
    const seed = seeds[random(seeds.length)] ?? new Uint8Array();
    const message = new Uint8Array(maxHookMessage + 1);
    message.set(seed);
    let length = seed.length;
    for (let change = 0; change <= random(4); change += 1) {
      const kind = random(5);
      if (kind === 0) message[random(Math.min(length, 16) || 1)] = random(256);
      else if (kind === 1) message[random(length || 1)] = random(256);
      else if (kind === 2) length = random(maxHookMessage + 2);
      else if (kind === 3) message.copyWithin(random(length || 1), random(length || 1), length);
      else length = Math.min(length, random(12));
    }
    try {
      const parsed = parseHookMessage(message, length);
      if (parsed === undefined) outcomes.waiting += 1;
      else {
        outcomes.parsed += 1;
        expect(parsed.account.length).toBeGreaterThan(0);
        expect(parsed.password.length).toBeLessThanOrEqual(2048);
      }
    } catch (error) {
      if (!(error instanceof HookProtocolError)) throw error;
      outcomes.refused += 1;
    }
  }
  expect(Math.min(outcomes.parsed, outcomes.waiting, outcomes.refused)).toBeGreaterThan(1000);
});
