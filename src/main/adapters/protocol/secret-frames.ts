import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { longestLine, longestSecret } from './adapter-message.ts';
import { ProtocolError } from './protocol-error.ts';

/** One line, and the passwords that came behind it. Whoever takes the frame wipes them. */
export interface SecretFrame {
  readonly line: unknown;
  readonly newPassword?: SecretBytes;
  readonly oldPassword?: SecretBytes;
}

const newline = 0x0a;
const text = new TextDecoder('utf-8', { fatal: true });

interface Wanted {
  readonly line: unknown;
  readonly secrets: readonly { readonly name: 'newPassword' | 'oldPassword'; readonly bytes: SecretBytes }[];
  index: number;
  filled: number;
}

/**
 * Cuts a byte stream into lines of JSON and the passwords that follow them: a line with
 * `"secrets":{"newPassword":12}` is followed by twelve bytes and no newline. Throws `ProtocolError`.
 */
export class SecretFrameDecoder {
  #pending: Uint8Array[] = [];
  #size = 0;
  #wanted: Wanted | undefined;

  *push(chunk: Uint8Array): Generator<SecretFrame> {
    let at = 0;
    for (;;) {
      if (this.#wanted !== undefined) {
        at += fill(this.#wanted, chunk.subarray(at));
        const frame = this.#finished();
        if (frame === undefined) return;
        yield frame;
      }
      if (at >= chunk.length) return;
      const end = chunk.indexOf(newline, at);
      if (end === -1) {
        // A copy: the stream may reuse its buffer.
        this.#keep(chunk.slice(at));
        return;
      }
      this.#keep(chunk.subarray(at, end));
      at = end + 1;
      this.#begin(this.#flush());
      // A line without secrets is a frame at once, also at the end of the chunk.
      const frame = this.#finished();
      if (frame !== undefined) yield frame;
    }
  }

  /** Wipes what was half received. */
  close(): void {
    for (const { bytes } of this.#wanted?.secrets ?? []) bytes.wipe();
    this.#wanted = undefined;
    this.#pending = [];
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > longestLine)
      throw new ProtocolError(10801, `A line is longer than ${longestLine} bytes`);
    this.#pending.push(piece);
  }

  #flush(): unknown {
    const line = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#size = 0;
    try {
      return JSON.parse(text.decode(line));
    } catch {
      // Without its cause: the parser quotes what it read.
      throw new ProtocolError(10801, 'A line is not JSON in UTF-8');
    }
  }

  #begin(line: unknown): void {
    const lengths = lengthsOf(line);
    const secrets = (['newPassword', 'oldPassword'] as const).flatMap((name) => {
      const length = lengths[name];
      if (length === undefined) return [];
      if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > longestSecret)
        throw new ProtocolError(10801, `${name} is not 0 to ${longestSecret} bytes long`);
      return [{ name, bytes: SecretBytes.allocate(length) }];
    });
    this.#wanted = { line, secrets, index: 0, filled: 0 };
  }

  #finished(): SecretFrame | undefined {
    const wanted = this.#wanted;
    if (wanted === undefined) return undefined;
    let current = wanted.secrets[wanted.index];
    while (current !== undefined && wanted.filled === current.bytes.length) {
      wanted.index += 1;
      wanted.filled = 0;
      current = wanted.secrets[wanted.index];
    }
    if (current !== undefined) return undefined;
    this.#wanted = undefined;
    return {
      line: wanted.line,
      ...Object.fromEntries(wanted.secrets.map(({ name, bytes }) => [name, bytes])),
    };
  }
}

/** Moves bytes into the secrets that are wanted; returns how many. */
function fill(wanted: Wanted, chunk: Uint8Array): number {
  let taken = 0;
  while (wanted.index < wanted.secrets.length) {
    const secret = wanted.secrets[wanted.index];
    if (secret === undefined) break;
    const piece = chunk.subarray(taken, taken + secret.bytes.length - wanted.filled);
    secret.bytes.bytes.set(piece, wanted.filled);
    wanted.filled += piece.length;
    taken += piece.length;
    if (wanted.filled < secret.bytes.length) break;
    wanted.index += 1;
    wanted.filled = 0;
  }
  return taken;
}

function lengthsOf(line: unknown): Readonly<Record<string, unknown>> {
  if (typeof line !== 'object' || line === null || !('secrets' in line)) return {};
  const { secrets } = line;
  return typeof secrets === 'object' && secrets !== null ? (secrets as Record<string, unknown>) : {};
}

/** A line with the passwords behind it, in one piece; the caller wipes it once it is sent. */
export function encodeSecretFrame(
  line: object,
  secrets: {
    readonly newPassword?: SecretBytes | undefined;
    readonly oldPassword?: SecretBytes | undefined;
  } = {},
): Uint8Array<ArrayBuffer> {
  const { newPassword, oldPassword } = secrets;
  const lengths =
    newPassword === undefined
      ? {}
      : {
          secrets: {
            newPassword: newPassword.length,
            ...(oldPassword === undefined ? {} : { oldPassword: oldPassword.length }),
          },
        };
  const head = new TextEncoder().encode(`${JSON.stringify({ ...line, ...lengths })}\n`);
  const size = head.length + (newPassword?.length ?? 0) + (oldPassword?.length ?? 0);
  const frame = new Uint8Array(new ArrayBuffer(size));
  frame.set(head);
  if (newPassword !== undefined) frame.set(newPassword.bytes, head.length);
  if (newPassword !== undefined && oldPassword !== undefined)
    frame.set(oldPassword.bytes, head.length + newPassword.length);
  return frame;
}
