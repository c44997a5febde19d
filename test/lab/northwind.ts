import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { start389 } from './directory-server-389.ts';
import { fabrikamGlobals } from './fabrikam.ts';
import type { Lab } from './lab.ts';
import { requireNamespace } from './namespace.ts';
import { startOpenLdap } from './openldap-server.ts';
import { activeDirectoryEntries, directoryServer389Entries, openLdapEntries, people } from './people.ts';
import { type SambaDomainOptions, startSambaDomain } from './samba-domain.ts';

export interface Northwind extends Pick<Lab, 'samba' | 'openldap' | 'ds389' | 'directory'> {
  /** LDIF of every write to OpenLDAP in the order in which it was made, written by OpenLDAP. */
  readonly auditLog: string;
  stop(): Promise<void>;
}

/** Three servers that a test may break, beside the lab's shared ones: a domain of its own, and what joins it. */
export async function startNorthwind(
  name: string,
  domain: Pick<SambaDomainOptions, 'realm' | 'complexity'> = {},
): Promise<Northwind> {
  const directory = join(requireNamespace().directory, name);
  mkdirSync(directory, { mode: 0o700 });
  const auditLog = join(directory, 'openldap-writes.ldif');
  const { realm = 'NORTHWIND.LAB' } = domain;
  const baseDn = realm.toLowerCase().replace(/[^.]+/g, 'DC=$&').replaceAll('.', ',');
  const [samba, openldap, ds389] = await Promise.all([
    startSambaDomain({
      directory: join(directory, 'samba'),
      ...domain,
      realm,
      address: '127.0.0.2',
      globals: fabrikamGlobals,
      entries: activeDirectoryEntries(people, baseDn),
    }),
    startOpenLdap({
      directory: join(directory, 'openldap'),
      entries: openLdapEntries(people, 'ou=people,dc=ldap,dc=lab'),
      modules: ['auditlog'],
      databaseLines: ['overlay auditlog', `auditlog ${auditLog}`],
    }),
    start389({
      directory: join(directory, 'ds389'),
      entries: directoryServer389Entries(people, 'ou=people,dc=ds,dc=lab'),
    }),
  ]);
  return {
    samba,
    openldap,
    ds389,
    directory,
    auditLog,
    stop: async () => {
      await Promise.all([samba.stop(), openldap.stop(), ds389.stop()]);
    },
  };
}
