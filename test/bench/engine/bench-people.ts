import { openLdap } from '#directory/ldap-connection.ts';
import { textOf } from '#directory/search-entry.ts';
import type { OpenLdap } from '#lab/openldap-server.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const unit = 'ou=people,dc=ldap,dc=lab';

/** objectGUID of a person in the source. */
export function guidOf(person: number): string {
  return `30000000-0000-4000-8000-${String(person).padStart(12, '0')}`;
}

export function benchDn(person: number): string {
  return `uid=user${person},${unit}`;
}

/** LDIF of this many people. */
export function benchEntries(count: number): string {
  return Array.from(
    { length: count },
    (_, index) =>
      `dn: ${benchDn(index)}\nobjectClass: inetOrgPerson\nuid: user${index}\ncn: User ${index}\nsn: ${index}\nuserPassword: Initial-${index}-Pw\n`,
  ).join('\n');
}

/** entryUUID of each of them. */
export async function readAnchors(server: OpenLdap, count: number): Promise<readonly string[]> {
  const connection = await openLdap({ url: server.ldapsUrl, caFile: server.caFile, connectTimeout: 5000 });
  try {
    const admin = SecretBytes.take(new TextEncoder().encode(server.adminPassword));
    await connection.bindSimple(server.adminDn, admin);
    const found = await connection.searchEntries({
      base: unit,
      scope: 'one',
      filter: '(objectClass=*)',
      attributes: ['entryUUID'],
    });
    const byDn = new Map(found.map((entry) => [entry.dn, textOf(entry, 'entryUUID') ?? '']));
    return Array.from({ length: count }, (_, index) => byDn.get(benchDn(index)) ?? '');
  } finally {
    await connection.close();
  }
}
