import { SecretBytes } from '../secret/secret-bytes.ts';

/** What stands in the JSON where bytes belong: where they begin behind the JSON, and how many there are. */
interface Place {
  readonly $bytes: readonly [offset: number, length: number];
}

const prefixLength = 4;
const text = new TextDecoder('utf-8', { fatal: true });

/**
 * A frame with the bytes in it as one message: four bytes with the length of the JSON, big-endian, the JSON, and the
 * bytes behind it. `undefined` where the frame holds none, and its JSON text says it all. The caller wipes the message.
 */
export function encodeByteFrame(frame: unknown): Uint8Array<ArrayBuffer> | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  const place = (value: unknown): unknown => {
    const bytes = value instanceof SecretBytes ? value.bytes : value;
    if (bytes instanceof Uint8Array) {
      const at = { $bytes: [size, bytes.length] } satisfies Place;
      parts.push(bytes);
      size += bytes.length;
      return at;
    }
    if (Array.isArray(value)) return value.map(place);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, place(inner)]));
  };
  const placed = place(frame);
  if (parts.length === 0) return undefined;
  const json = new TextEncoder().encode(JSON.stringify(placed));
  const message = new Uint8Array(new ArrayBuffer(prefixLength + json.length + size));
  new DataView(message.buffer).setUint32(0, json.length);
  message.set(json, prefixLength);
  let at = prefixLength + json.length;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/**
 * Reads such a message. Its bytes are copies outside the V8 heap: the caller wipes the message at once. Throws an error
 * without the words of the message, which may hold a secret.
 */
export function decodeByteFrame(message: Uint8Array): unknown {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const length = message.length < prefixLength ? -1 : view.getUint32(0);
  const start = prefixLength + length;
  if (length < 0 || start > message.length) throw new SyntaxError('A frame ends too early');
  const bytes = message.subarray(start);
  let frame: unknown;
  try {
    frame = JSON.parse(text.decode(message.subarray(prefixLength, start)));
  } catch {
    throw new SyntaxError('A frame is not JSON');
  }
  return fill(frame, bytes);
}

function fill(value: unknown, bytes: Uint8Array): unknown {
  if (Array.isArray(value)) return value.map((inner) => fill(inner, bytes));
  if (typeof value !== 'object' || value === null) return value;
  const place = Object.hasOwn(value, '$bytes') ? (value as Place).$bytes : undefined;
  if (place === undefined)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, bytes)]));
  const [offset, length] = Array.isArray(place) ? place : [];
  if (!isCount(offset) || !isCount(length) || offset + length > bytes.length)
    throw new SyntaxError('A frame names bytes that it does not have');
  const copy = new Uint8Array(new ArrayBuffer(length));
  copy.set(bytes.subarray(offset, offset + length));
  return copy;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
