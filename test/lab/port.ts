import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';

/** A port that nobody listens on now; inside a lab namespace nobody takes it before its server does. */
export async function findFreePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
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
