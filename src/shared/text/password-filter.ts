import type { PasswordFilterRules } from '../model/sso-password-filter.ts';
import { SecretBytes } from '../secret/secret-bytes.ts';

/** Longest password that a filter takes, bytes. */
const longest = 4096;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A password that a filter does not carry out; says nothing about the password. */
export class PasswordFilterError extends Error {
  override readonly name = 'PasswordFilterError';
}

/**
 * Makes a password fit for an external system: case, remove, substitute, maximum, pad. The password stays code points
 * in memory of its own. Throws `PasswordFilterError` rather than let something out that the rules do not describe.
 */
export function applyPasswordFilter(rules: PasswordFilterRules, password: SecretBytes): SecretBytes {
  if (password.length === 0 || password.length > longest)
    throw new PasswordFilterError(`The password has not 1 to ${longest} bytes`);
  const room = new Uint32Array(new ArrayBuffer((longest + (rules.minimumLength ?? 0)) * 4 * 3));
  try {
    let length = decodePoints(password, room);
    length = changeCase(rules.format, room, length);
    length = removePoints(new Set(pointsOf(rules.remove)), room, length);
    substitutePoints(rules, room, length);
    // A password that is cut keeps its beginning.
    length = Math.min(length, rules.maximumLength ?? length);
    if (length === 0) throw new PasswordFilterError('Nothing of the password is left');
    length = pad(rules, room, length);
    return encodePoints(room, length);
  } finally {
    room.fill(0);
  }
}

/** Whether different passwords may become the same, so that a guess needs fewer tries; each in words. */
export function findFilterCollisions(rules: PasswordFilterRules): readonly string[] {
  const { format, remove, substitute, maximumLength, minimumLength, padCharacter } = rules;
  const warnings: string[] = [];
  if (format !== 'as-is') warnings.push(`Passwords that differ only in case become the same`);
  if (remove !== '') warnings.push(`Passwords that differ only in the characters ${remove} become the same`);
  const sources = new Set(substitute.map(({ from }) => from));
  for (const { from, to } of substitute) {
    const gone = remove.includes(to) || (sources.has(to) && from !== to);
    if (from !== to && !gone) warnings.push(`${from} and ${to} become the same`);
  }
  const targets = new Map<string, string[]>();
  for (const { from, to } of substitute) targets.set(to, [...(targets.get(to) ?? []), from]);
  for (const [to, from] of targets)
    if (from.length > 1) warnings.push(`${from.join(' and ')} all become ${to}`);
  if (maximumLength !== undefined)
    warnings.push(`Passwords that begin with the same ${maximumLength} characters become the same`);
  if (minimumLength !== undefined && padCharacter !== undefined)
    warnings.push(
      `A password shorter than ${minimumLength} becomes the same as one that ${rules.padding === 'end' ? 'ends' : 'begins'} with ${padCharacter}`,
    );
  return warnings;
}

function decodePoints(password: SecretBytes, room: Uint32Array): number {
  const { bytes } = password;
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const size = sizeOf(bytes[at] ?? 0);
    const part = bytes.subarray(at, at + size);
    let point: number | undefined;
    try {
      // One character at a time: no string ever holds more of the password.
      point = decoder.decode(part).codePointAt(0);
    } catch {
      point = undefined;
    }
    if (point === undefined) throw new PasswordFilterError('The password is not UTF-8');
    room[length] = point;
    length += 1;
    at += size;
  }
  return length;
}

function sizeOf(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function changeCase(format: PasswordFilterRules['format'], room: Uint32Array, length: number): number {
  if (format === 'as-is') return length;
  const source = room.slice(0, length);
  let to = 0;
  for (const point of source) {
    const character = String.fromCodePoint(point);
    // Some letters become several, as the sharp s does.
    for (const each of pointsOf(format === 'upper' ? character.toUpperCase() : character.toLowerCase())) {
      room[to] = each;
      to += 1;
    }
  }
  source.fill(0);
  return to;
}

function removePoints(removed: ReadonlySet<number>, room: Uint32Array, length: number): number {
  if (removed.size === 0) return length;
  let to = 0;
  for (let from = 0; from < length; from += 1) {
    const point = room[from] ?? 0;
    if (removed.has(point)) continue;
    room[to] = point;
    to += 1;
  }
  return to;
}

function substitutePoints({ substitute }: PasswordFilterRules, room: Uint32Array, length: number): void {
  const pairs = new Map(substitute.map(({ from, to }) => [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]));
  if (pairs.size === 0) return;
  for (let at = 0; at < length; at += 1) {
    const point = room[at] ?? 0;
    room[at] = pairs.get(point) ?? point;
  }
}

function pad(rules: PasswordFilterRules, room: Uint32Array, length: number): number {
  const { minimumLength = 0, padCharacter, padding } = rules;
  const missing = minimumLength - length;
  if (missing <= 0) return length;
  const point = padCharacter?.codePointAt(0);
  if (point === undefined)
    throw new PasswordFilterError('The filter has a minimum length and no pad character');
  if (padding === 'beginning') room.copyWithin(missing, 0, length);
  room.fill(point, padding === 'beginning' ? 0 : length, padding === 'beginning' ? missing : minimumLength);
  return minimumLength;
}

function encodePoints(room: Uint32Array, length: number): SecretBytes {
  const encoder = new TextEncoder();
  let size = 0;
  for (let at = 0; at < length; at += 1) size += encodedSize(room[at] ?? 0);
  const filtered = SecretBytes.allocate(size);
  let to = 0;
  for (let at = 0; at < length; at += 1) {
    to += encoder.encodeInto(String.fromCodePoint(room[at] ?? 0), filtered.bytes.subarray(to)).written;
  }
  return filtered;
}

function encodedSize(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function pointsOf(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0) ?? 0);
}
