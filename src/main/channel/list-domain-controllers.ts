import type { LdapConnection } from '#directory/ldap-connection.ts';
import { textOf } from '#directory/search-entry.ts';

/**
 * Host names of the writable domain controllers of a domain: computers with SERVER_TRUST_ACCOUNT (MS-ADTS 2.2.16).
 * Read-only ones hand password changes on to these.
 */
export async function listDomainControllers(
  connection: Pick<LdapConnection, 'searchEntries'>,
  baseDn: string,
): Promise<readonly string[]> {
  const entries = await connection.searchEntries({
    base: baseDn,
    scope: 'sub',
    filter: '(&(objectCategory=computer)(userAccountControl:1.2.840.113556.1.4.803:=8192))',
    attributes: ['dNSHostName', 'cn'],
  });
  return entries.flatMap((entry) => textOf(entry, 'dNSHostName') ?? textOf(entry, 'cn') ?? []);
}
