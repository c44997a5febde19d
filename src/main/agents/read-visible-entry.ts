import { LdapError } from '#directory/ldap-error.ts';
import type { SearchEntry } from '#directory/search-entry.ts';

import type { ObjectAccess } from './password-dialect.ts';

/** Reads attributes of one entry; undefined where it is not there, or the server does not show it. */
export async function readVisibleEntry(
  { connection, limits }: ObjectAccess,
  base: string,
  wanted: readonly string[],
): Promise<SearchEntry | undefined> {
  const request = { base, scope: 'base', filter: '(objectClass=*)', attributes: wanted, ...limits } as const;
  try {
    return (await connection.searchEntries(request))[0];
  } catch (error) {
    if (error instanceof LdapError) return undefined;
    throw error;
  }
}
