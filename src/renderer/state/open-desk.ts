import { type DeskContract, deskContract } from '#shared/contract/desk-contract.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';

import { openPort } from './open-port.ts';

export type DeskClient = Client<DeskContract>;

/** Connects to the program that opened this console. Calls fail with `unavailable` where it offers nothing. */
export async function openDesk(): Promise<DeskClient> {
  return connect(deskContract, await openPort({ kind: 'desk' }));
}
