/** Bytes that every canary begins with; computed, so that no literal of it lies in any program's memory. */
const prefixLength = 14;

function prefixByte(index: number): number {
  // Letters and a few signs: printable, and found nowhere by chance.
  return 0x41 + ((index * 11 + 5) % 26);
}

/** Fills `target` with canary number `index`: the prefix, and digits that tell it from the others. */
export function fillCanary(target: Uint8Array, index: number): void {
  for (let at = 0; at < prefixLength; at += 1) target[at] = prefixByte(at);
  for (let at = prefixLength, rest = index; at < target.length; at += 1, rest = Math.floor(rest / 10)) {
    target[at] = 0x30 + (rest % 10);
  }
}

export const canaryLength = prefixLength + 6;

/** The forms in which a canary could leak: its bytes, UTF-16LE, base64 at each alignment, and hex. */
export function canaryNeedles(): readonly Buffer[] {
  const bytes = Buffer.alloc(prefixLength);
  for (let at = 0; at < prefixLength; at += 1) bytes[at] = prefixByte(at);
  const wide = Buffer.from(bytes.toString('latin1'), 'utf16le');
  const base64 = [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    return Buffer.from(padded.toString('base64').slice(4, 4 + 12));
  });
  const hex = bytes.toString('hex');
  return [bytes, wide, ...base64, Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}
