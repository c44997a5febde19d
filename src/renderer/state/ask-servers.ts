import type { ServersContract } from '#shared/contract/servers-contract.ts';
import type { Client } from '#shared/rpc/connect.ts';

import { openPort } from './open-port.ts';

export type ServersClient = Client<ServersContract>;

/** Asks the program that opened this console about the servers that its user knows, and closes when that is done. */
export async function askServers<T>(work: (client: ServersClient) => Promise<T>): Promise<T> {
  const [{ connectServers }, port] = await Promise.all([
    import('./connect-carillon.ts'),
    openPort({ kind: 'servers' }),
  ]);
  const client = connectServers(port);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
