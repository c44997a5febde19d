import type { LdapConnection } from '#directory/ldap-connection.ts';

export interface AskOptions {
  /** Milliseconds for the whole answer. */
  readonly limit: number;
  /** Milliseconds after which another connection, if there is one, is asked as well: for reads only. */
  readonly patience: number;
}

export type Ask<T> = (connection: LdapConnection, signal: AbortSignal) => Promise<T>;

/** A way to a domain controller, over one connection or several. */
export interface DirectoryAccess {
  ask<T>(ask: Ask<T>, options: AskOptions): Promise<T>;
}

/** A way over one connection, which its owner closes. */
export function accessThrough(connection: LdapConnection): DirectoryAccess {
  return { ask: (ask, { limit }) => ask(connection, AbortSignal.timeout(limit)) };
}
