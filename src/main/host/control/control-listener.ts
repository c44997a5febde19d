import { timingSafeEqual } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

import type { Port } from '#shared/rpc/port.ts';

import type { ControlAddress } from './control-address.ts';
import { SocketPort } from './socket-port.ts';

/** Connections at the same time. */
const connectionLimit = 64;

export interface ControlListener {
  close(): Promise<void>;
}

/** Listens for the command line and a local console. The caller holds the lock of the data directory. */
export async function listenForControl(
  address: ControlAddress,
  accept: (port: Port) => void,
): Promise<ControlListener> {
  const ports = new Set<SocketPort>();
  const server = createServer((socket) => {
    const port = new SocketPort(socket);
    ports.add(port);
    port.closed(() => ports.delete(port));
    if (address.token === undefined) accept(port);
    else port.receive((frame) => admit(port, frame, address.token ?? '', accept));
  });
  server.maxConnections = connectionLimit;
  // What a service that was killed left behind.
  if (process.platform !== 'win32') rmSync(address.path, { force: true });
  await listen(server, address.path);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const port of ports) port.close('The service stops');
      await closed;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  // The socket must not be open to others even for the moment between bind and chmod.
  const mask = process.platform === 'win32' ? undefined : process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    if (mask !== undefined) chmodSync(path, 0o600);
  } finally {
    if (mask !== undefined) process.umask(mask);
  }
}

function admit(port: SocketPort, frame: unknown, token: string, accept: (port: Port) => void): void {
  const said = Buffer.from(typeof frame === 'string' ? frame : '');
  const expected = Buffer.from(token);
  if (said.length === expected.length && timingSafeEqual(said, expected)) accept(port);
  else port.close('The token is wrong');
}
