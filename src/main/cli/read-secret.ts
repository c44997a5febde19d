import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Terminal } from './terminal.ts';

const limit = 4096;
const keys = {
  interrupt: 0x03,
  end: 0x04,
  backspace: 0x08,
  newline: 0x0a,
  return: 0x0d,
  delete: 0x7f,
} as const;

/**
 * Reads a secret from standard input: without echo from a terminal, to the end (less one newline) from a pipe.
 * The bytes never become a string.
 */
export async function readSecret(terminal: Terminal, prompt: string): Promise<SecretBytes> {
  const { stdin, stderr } = terminal;
  const room = SecretBytes.allocate(limit);
  const typed = stdin.isTTY;
  if (typed) {
    stderr.write(`${prompt}: `);
    stdin.setRawMode(true);
  }
  try {
    const length = await collect(terminal, room.bytes, typed);
    if (length === 0) throw new AppError('invalid_input', 'No secret was given');
    return SecretBytes.copy(room.bytes.subarray(0, length));
  } finally {
    room.wipe();
    if (typed) {
      stdin.setRawMode(false);
      stderr.write('\n');
    }
    stdin.pause();
  }
}

/** Asks twice where a person types, so that a slip does not become the secret. */
export async function readNewSecret(terminal: Terminal, prompt: string): Promise<SecretBytes> {
  const first = await readSecret(terminal, prompt);
  if (!terminal.stdin.isTTY) return first;
  using second = await readSecret(terminal, `${prompt}, again`);
  if (Buffer.compare(first.bytes, second.bytes) === 0) return first;
  first.wipe();
  throw new AppError('invalid_input', 'The two entries differ');
}

function collect({ stdin, interrupted }: Terminal, room: Uint8Array, typed: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let length = 0;
    const finish = (settle: () => void): void => {
      stdin.off('data', take);
      stdin.off('end', end);
      stdin.off('error', fail);
      settle();
    };
    const fail = (error: Error): void => finish(() => reject(error));
    const end = (): void => {
      const closing: readonly number[] = [keys.newline, keys.return];
      while (!typed && length > 0 && closing.includes(room[length - 1] ?? 0)) length -= 1;
      finish(() => resolve(length));
    };
    /** Takes one byte; false where the secret has ended. */
    const put = (byte: number): boolean => {
      if (typed && (byte === keys.newline || byte === keys.return || byte === keys.end)) end();
      else if (typed && byte === keys.interrupt) fail(new AppError('cancelled', 'Interrupted'));
      else if (typed && (byte === keys.delete || byte === keys.backspace)) {
        length = Math.max(0, length - 1);
        return true;
      } else if (length === room.length)
        fail(new AppError('invalid_input', `The secret is longer than ${limit} bytes`));
      else {
        room[length] = byte;
        length += 1;
        return true;
      }
      return false;
    };
    const take = (chunk: Buffer): void => {
      for (const byte of chunk) if (!put(byte)) break;
      chunk.fill(0);
    };
    interrupted.addEventListener('abort', () => fail(new AppError('cancelled', 'Interrupted')), {
      once: true,
    });
    stdin.on('data', take);
    stdin.on('end', end);
    stdin.on('error', fail);
    // Whoever read before has paused it, and a listener alone does not let it flow again.
    stdin.resume();
  });
}
