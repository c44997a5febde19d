import { formatGuid } from '#directory/guid.ts';
import type { LdapConnection } from '#directory/ldap-connection.ts';
import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';

/** Who this domain controller is. */
export interface ControllerIdentity {
  /** Names this copy of the directory in replication's records. */
  readonly invocationId: string;
  /** Distinguished name of the domain. */
  readonly baseDn: string;
  readonly schemaDn: string;
  /** NetBIOS name of the domain. */
  readonly domain: string;
  /** DNS name of this domain controller. */
  readonly server: string;
  /** Kerberos name of its computer account, `NAME$@REALM`. */
  readonly principal: string;
}

/** Reads it from the directory itself. */
export async function readControllerIdentity(
  connection: LdapConnection,
  signal?: AbortSignal,
): Promise<ControllerIdentity> {
  const read = async (base: string, attributes: readonly string[], filter = '(objectClass=*)') => {
    const scope = base.startsWith('CN=Partitions') ? 'one' : 'base';
    const entries = await connection.searchEntries({
      base,
      scope,
      filter,
      attributes,
      ...(signal && { signal }),
    });
    const [entry] = entries;
    if (entry === undefined) throw new Error(`The directory has no "${base}"`);
    return entry;
  };
  const root = await read('', [
    'defaultNamingContext',
    'configurationNamingContext',
    'schemaNamingContext',
    'dsServiceName',
    'serverName',
    'ldapServiceName',
    'dnsHostName',
  ]);
  const baseDn = requireText(root, 'defaultNamingContext');
  const partitions = `CN=Partitions,${requireText(root, 'configurationNamingContext')}`;
  const [settings, site, partition] = await Promise.all([
    read(requireText(root, 'dsServiceName'), ['invocationId']),
    read(requireText(root, 'serverName'), ['serverReference']),
    read(partitions, ['nETBIOSName'], `(nCName=${escapeFilterText(baseDn)})`),
  ]);
  const computer = await read(requireText(site, 'serverReference'), ['sAMAccountName']);
  // "domain:host$@REALM": the account's name is there in lower case, but the realm is right.
  const realm = requireText(root, 'ldapServiceName').split('@').at(-1) ?? '';
  const invocationId = bytesOf(settings, 'invocationId');
  if (invocationId === undefined) throw new Error('The directory names no invocationId');
  return {
    invocationId: formatGuid(invocationId),
    baseDn,
    schemaDn: requireText(root, 'schemaNamingContext'),
    domain: requireText(partition, 'nETBIOSName'),
    server: requireText(root, 'dnsHostName'),
    principal: `${requireText(computer, 'sAMAccountName')}@${realm}`,
  };
}

function requireText(entry: SearchEntry, attribute: string): string {
  const value = textOf(entry, attribute);
  if (value === undefined) throw new Error(`The directory names no ${attribute}`);
  return value;
}
