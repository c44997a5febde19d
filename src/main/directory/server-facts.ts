import type { LdapConnection } from './ldap-connection.ts';
import type { OperationOptions } from './operation.ts';
import { textOf, textsOf } from './search-entry.ts';

/** What a server says of itself in its root entry (RFC 4512 5.1). */
export interface ServerFacts {
  /** Object identifiers of its extended operations. */
  readonly extensions: ReadonlySet<string>;
  readonly controls: ReadonlySet<string>;
  /** Maker and version in its own words, for example `389 Project 389-Directory/2.3.1`. */
  readonly vendor: string;
}

/** Reads the root entry. Throws `LdapError` or `LinkError`. */
export async function readServerFacts(
  connection: LdapConnection,
  limits: OperationOptions,
): Promise<ServerFacts> {
  const [root] = await connection.searchEntries({
    base: '',
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['supportedExtension', 'supportedControl', 'vendorName', 'vendorVersion'],
    ...limits,
  });
  return {
    extensions: new Set(root === undefined ? [] : textsOf(root, 'supportedExtension')),
    controls: new Set(root === undefined ? [] : textsOf(root, 'supportedControl')),
    vendor: root === undefined ? '' : [textOf(root, 'vendorName'), textOf(root, 'vendorVersion')].join(' '),
  };
}
