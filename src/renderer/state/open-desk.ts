import type { DeskContract } from '#shared/contract/desk-contract.ts';
import type { Client } from '#shared/rpc/connect.ts';

import { openPort } from './open-port.ts';

export type DeskClient = Client<DeskContract>;

/** Connects to the program that opened this console. Calls fail with `unavailable` where it offers nothing. */
export async function openDesk(): Promise<DeskClient> {
  const [{ connectDesk }, port] = await Promise.all([
    import('./connect-carillon.ts'),
    openPort({ kind: 'desk' }),
  ]);
  return connectDesk(port);
}
