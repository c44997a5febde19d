import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';

/**
 * Below the ports that the kernel gives to outgoing connections (32768 on): such a connection could take the port of a
 * server that is about to start, and one to a server that is away could even meet itself there.
 */
const [lowest, highest] = [15_000, 32_000];
/** Processes begin at places of their own, and none gives a port twice. */
let next = lowest + ((process.pid * 61) % (highest - lowest));

/** A port that nobody listens on now; inside a lab namespace nobody takes it before its server does. */
export async function findFreePort(address = '127.0.0.1'): Promise<number> {
  for (let tries = highest - lowest; tries > 0; tries -= 1) {
    const port = next;
    next = port < highest ? port + 1 : lowest;
    if (await isFree(port, address)) return port;
  }
  throw new Error(`No port of ${address} is free`);
}

async function isFree(port: number, address: string): Promise<boolean> {
  const server = createServer().listen(port, address);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Whether something accepts connections there. */
export function acceptsConnections(
  target: { port: number; host?: string } | { path: string },
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(target);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
