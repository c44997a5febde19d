import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { dirname } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';

import {
  encodeHookAnswer,
  type HookMessage,
  HookProtocolError,
  maxHookMessage,
  parseHookMessage,
} from './hook-message.ts';

/** Longer than any deadline of the hook: a peer that is still silent then is none. */
const peerTimeout = 10_000;
/** The directory changes one password at a time; a few more are hooks that were killed. */
const maxPeers = 64;

export interface HookServerOptions {
  /** Path of the unix socket, in a directory of its own. */
  readonly path: string;
  /** Resolves once the password is safe; it belongs to the callee. `isWaiting` tells whether the hook still waits. */
  readonly receive: (message: HookMessage, isWaiting: () => boolean) => Promise<void>;
  readonly report: (problem: string) => void;
  /** Told of a peer that does not speak the hook's protocol. */
  readonly refuse: (problem: string) => void;
}

/**
 * Listens for the hook on a socket that only root, or whoever runs this process, can reach: the directory has
 * mode 0700 and the socket 0600, both checked, so the kernel lets no other user connect.
 */
export async function openHookServer(options: HookServerOptions): Promise<Server> {
  prepareDirectory(dirname(options.path));
  rmSync(options.path, { force: true });
  // Counted here: the server's own count never falls, since each socket gives its handle away.
  let peers = 0;
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (accepted) => {
    if (peers >= maxPeers) {
      accepted.destroy();
      return;
    }
    peers += 1;
    receiveMessage(accepted, options).once('close', () => {
      peers -= 1;
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.path, resolve);
  });
  chmodSync(options.path, 0o600);
  return server;
}

function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const status = lstatSync(directory);
  if (status.isDirectory() && status.uid === process.geteuid?.() && (status.mode & 0o077) === 0) return;
  throw new AppError('invalid_configuration', `The hook's directory ${directory} is open to others`, {
    fix: `Give the socket a directory of its own: chown root ${directory} and chmod 700 ${directory}.`,
  });
}

function receiveMessage(accepted: Socket, options: HookServerOptions): Socket {
  const buffer = new Uint8Array(new ArrayBuffer(maxHookMessage + 1));
  let gone = false;
  let complete = false;
  const socket = readInto(accepted, buffer, (length) => {
    try {
      const message = parseHookMessage(buffer, length);
      if (message === undefined) return;
      complete = true;
      socket.setTimeout(0);
      options
        .receive(message, () => !gone)
        .then(
          () => socket.end(encodeHookAnswer(true)),
          (error: unknown) => {
            options.report(messageOf(error));
            socket.end(encodeHookAnswer(false));
          },
        );
    } catch (error) {
      if (!(error instanceof HookProtocolError)) throw error;
      options.refuse(error.message);
      socket.destroy();
    }
  });
  socket.setTimeout(peerTimeout, () => socket.destroy());
  // A hook that its deadline or Samba ended.
  socket.on('end', () => {
    gone = true;
    if (!complete) socket.destroy();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    gone = true;
    buffer.fill(0);
  });
  return socket;
}

/**
 * Moves an accepted socket's handle to one that reads into `buffer`: otherwise Node leaves a copy of what it read
 * in a pool that nobody wipes. The accepted socket's handle is the one part of this that Node does not document.
 */
function readInto(accepted: Socket, buffer: Uint8Array, read: (length: number) => void): Socket {
  const { _handle: handle } = accepted as unknown as { _handle: object };
  let length = 0;
  // Each read lands at the start of what `onread` offers, so a short first read is moved out of the way.
  const landing = new Uint8Array(new ArrayBuffer(buffer.length));
  const options = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: landing,
      callback: (count: number) => {
        const room = buffer.length - length;
        buffer.set(landing.subarray(0, Math.min(count, room)), length);
        landing.fill(0, 0, count);
        length += Math.min(count, room);
        read(length);
        return true;
      },
    },
  };
  const socket = new Socket(options as ConstructorParameters<typeof Socket>[0]);
  socket.resume();
  return socket;
}
