import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

import { readSockRequest, type SockRequest } from './sock-request.ts';

/** Longest request of the overlay, bytes: an added entry with pictures may be long. */
const longestRequest = 16 * 1024 * 1024;
/** How long a password waits for the outcome of its operation, milliseconds, and how many may wait. */
const outcomeLimit = 120_000;
const mostWaiting = 4096;

type PasswordRequest = Extract<SockRequest, { kind: 'password' }>;

/** What became of a password: `unknown` where the overlay never told, `left` where nobody listens any more. */
type Outcome = 'taken' | 'refused' | 'unknown' | 'left';

export interface SockListenerOptions {
  /** Socket that slapd.conf names as `socketpath`. */
  readonly path: string;
  /**
   * A password that the directory is asked to take. Whoever answers with a function wipes the secrets, and is told the
   * outcome by it, once.
   */
  readonly onAsked: (request: PasswordRequest) => ((outcome: Outcome) => void) | undefined;
  readonly log: (line: string) => void;
}

/**
 * What slapd's socket overlay talks to. An operation is answered with CONTINUE whatever becomes of it here, in the turn
 * in which it came: slapd reports success for one that it gets no answer to, and does not carry it out. `onAsked` comes
 * before the answer, so that no operation is carried out that it does not know of. A password counts once the overlay
 * has told its operation's success.
 */
export async function listenToOverlay({
  path,
  onAsked,
  log,
}: SockListenerOptions): Promise<() => Promise<void>> {
  const waiting = new Map<string, { readonly settle: (outcome: Outcome) => void; readonly since: number }>();
  const settle = (key: string, outcome: Outcome): void => {
    const found = waiting.get(key);
    waiting.delete(key);
    found?.settle(outcome);
  };
  const hear = (bytes: Uint8Array): void => {
    const request = readSockRequest(bytes);
    if (request.kind === 'result') settle(request.key, request.code === 0 ? 'taken' : 'refused');
    if (request.kind !== 'password') return;
    // The directory's own MODIFY of an extended operation comes under the same number, hashed: it is 'other'.
    settle(request.key, 'unknown');
    const wanted = onAsked(request);
    if (wanted === undefined) {
      request.password.wipe();
      request.oldPassword?.wipe();
      return;
    }
    waiting.set(request.key, { settle: wanted, since: Date.now() });
    for (const [key, { since }] of waiting) {
      if (waiting.size <= mostWaiting && Date.now() - since < outcomeLimit) break;
      settle(key, 'unknown');
    }
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    collect(socket, (bytes) => {
      try {
        hear(bytes);
      } catch (error) {
        log(`The overlay said something that cannot be read: ${error instanceof Error ? error.message : ''}`);
      } finally {
        bytes.fill(0);
      }
    });
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const key of [...waiting.keys()]) settle(key, 'left');
    await closed;
  };
}

/** Reads a request to its blank line, hands it on, and answers it. `done` does not throw. */
function collect(socket: Socket, done: (bytes: Uint8Array<ArrayBuffer>) => void): void {
  let pieces: Buffer[] = [];
  let size = 0;
  let isAnswered = false;
  const answer = (): void => {
    if (isAnswered) return;
    isAnswered = true;
    const bytes = new Uint8Array(new ArrayBuffer(size));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
      piece.fill(0);
    }
    pieces = [];
    done(bytes);
    socket.end('CONTINUE\n');
  };
  socket.on('data', (chunk) => {
    if (isAnswered) {
      chunk.fill(0);
      return;
    }
    // What is longer than any password change goes its way unread.
    size += chunk.length;
    pieces.push(chunk);
    if (size > longestRequest) answer();
    else if (endsBlank(pieces)) answer();
  });
  socket.on('end', answer);
  socket.on('error', () => socket.destroy());
}

/** Whether a blank line ends what came so far; it may be cut anywhere. */
function endsBlank(pieces: readonly Buffer[]): boolean {
  const last = pieces.at(-1);
  if (last === undefined || last.at(-1) !== 0x0a) return false;
  if (last.length > 1) return last.at(-2) === 0x0a;
  return pieces.at(-2)?.at(-1) === 0x0a;
}
