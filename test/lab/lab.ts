import { join } from 'node:path';

import { type RunningDirectoryServer389, start389 } from './directory-server-389.ts';
import { requireNamespace } from './namespace.ts';
import { type RunningOpenLdap, startOpenLdap } from './openldap-server.ts';
import { activeDirectoryEntries, directoryServer389Entries, openLdapEntries, people } from './people.ts';
import { type RunningSambaDomain, type SambaDomainOptions, startSambaDomain } from './samba-domain.ts';

/** The three servers, each with the same hundred people. */
export interface Lab {
  readonly samba: RunningSambaDomain;
  readonly openldap: RunningOpenLdap;
  readonly ds389: RunningDirectoryServer389;
  /** Everything that the lab writes lies below. */
  readonly directory: string;
  /** Milliseconds until each server answered. */
  readonly startTimes: { readonly samba: number; readonly openldap: number; readonly ds389: number };
  /** Stops the servers. Does nothing the second time. */
  stop(): Promise<void>;
}

export interface LabOptions {
  readonly samba?: Partial<SambaDomainOptions>;
  /** Told what comes up and how long it took. */
  readonly onProgress?: (line: string) => void;
}

/** Boots the three servers side by side; when one fails, stops the others and throws. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { directory } = requireNamespace();
  const began = Date.now();
  const measure = async <T>(name: string, start: Promise<T>): Promise<readonly [T, number]> => {
    const server = await start;
    const milliseconds = Date.now() - began;
    options.onProgress?.(`${name} is up after ${milliseconds} ms`);
    return [server, milliseconds];
  };
  const starting = [
    measure(
      'Samba domain FABRIKAM.LAB',
      startSambaDomain({
        directory: join(directory, 'samba'),
        entries: activeDirectoryEntries(people, 'DC=fabrikam,DC=lab'),
        ...options.samba,
      }),
    ),
    measure(
      'OpenLDAP',
      startOpenLdap({
        directory: join(directory, 'openldap'),
        entries: openLdapEntries(people, 'ou=people,dc=ldap,dc=lab'),
      }),
    ),
    measure(
      '389 Directory Server',
      start389({
        directory: join(directory, 'ds389'),
        entries: directoryServer389Entries(people, 'ou=people,dc=ds,dc=lab'),
      }),
    ),
  ] as const;
  try {
    const [[samba, sambaTime], [openldap, openldapTime], [ds389, ds389Time]] = await Promise.all(starting);
    let stopping: Promise<void> | undefined;
    return {
      samba,
      openldap,
      ds389,
      directory,
      startTimes: { samba: sambaTime, openldap: openldapTime, ds389: ds389Time },
      stop: () => {
        stopping ??= stopAll([samba, openldap, ds389]);
        return stopping;
      },
    };
  } catch (error) {
    const settled = await Promise.allSettled<readonly [{ stop(): Promise<void> }, number]>(starting);
    await stopAll(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value[0]] : [])));
    throw error;
  }
}

async function stopAll(servers: readonly { stop(): Promise<void> }[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
