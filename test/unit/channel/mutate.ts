/** A generator of numbers below 2^32 that a seed repeats (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const nastyNumbers = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xffffffff];

/** A copy of `stream` with a few faults: bits turned, bytes lost, doubled or swapped, lengths that lie, an early end. */
export function mutate(stream: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Uint8Array.from(stream);
  for (let faults = 1 + random(4); faults > 0 && bytes.length > 0; faults -= 1) {
    const at = random(bytes.length);
    const kind = random(7);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = random(256);
    else if (kind === 2) bytes = join(bytes.subarray(0, at), bytes.subarray(at + 1 + random(8)));
    else if (kind === 3) {
      const piece = bytes.subarray(at, at + 1 + random(64));
      bytes = join(bytes.subarray(0, at), piece, bytes.subarray(at));
    } else if (kind === 4) bytes = bytes.slice(0, at);
    else if (kind === 5 && bytes.length >= 4) {
      const value = nastyNumbers[random(nastyNumbers.length)] ?? 0;
      new DataView(bytes.buffer).setUint32(random(bytes.length - 3), value);
    } else bytes.copyWithin(at, random(bytes.length), random(bytes.length));
  }
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
