import type { LdapConnection } from './ldap-connection.ts';
import { LinkError } from './link-error.ts';
import { LinkPool, type LinkPoolOptions } from './link-pool.ts';

/** Connections of one agent to its directory, opened as needed. */
export class ConnectionPool extends LinkPool<LdapConnection> {
  constructor(options: Omit<LinkPoolOptions<LdapConnection>, 'refuse'>) {
    super({
      ...options,
      refuse: (reason) =>
        reason === 'closed'
          ? new LinkError('closed', 'The agent was stopped')
          : new LinkError('aborted', 'Waiting for a connection was given up'),
    });
  }
}
