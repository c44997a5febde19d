import { textOf, textsOf } from '#directory/search-entry.ts';
import type { SsoServerRow } from '#shared/contract/sso-servers.ts';
import { AppError } from '#shared/model/app-error.ts';
import { allowsIdentityManager, type SsoServer } from '#shared/model/single-sign-on.ts';
import type { SsoCaller } from '#sso/caller.ts';
import { countEvents } from '#store/count-events.ts';
import type { Database } from '#store/database.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import { version } from '../version.ts';
import type { Domain } from './domain-directory.ts';
import type { SsoService } from './open-sso.ts';

/** Length of a NetBIOS name (RFC 1001 14). */
const netbiosLength = 15;

export interface ServerBoardParts {
  readonly service: SsoService;
  readonly file: ConfigurationFile;
  readonly database: Database;
  readonly domains: () => readonly Domain[];
  readonly now: () => number;
  readonly changed: () => void;
}

/** The servers of the system as the console lists them; this service is one of them. */
export class ServerBoard {
  readonly #parts: ServerBoardParts;
  #countedSince: number;

  constructor(parts: ServerBoardParts) {
    this.#parts = parts;
    this.#countedSince = parts.now();
  }

  rows(): SsoServerRow[] {
    const { service, file, database, now } = this.#parts;
    const { system, servers } = file.configuration.singleSignOn;
    const own = service.ports.settings().server?.name;
    const keeper = system.masterSecretServer?.toLowerCase();
    return servers.map((server) => {
      const isOwn = server.name === own;
      return {
        name: server.name,
        own: isOwn,
        status: isOwn ? statusOf(server, system.enabled) : ('Offline' as const),
        serviceAccount: server.serviceAccount,
        database: server.database,
        secretServer: keeper === undefined ? isOwn : server.name.toLowerCase() === keeper,
        passwordSync: allowsIdentityManager(server) || server.allowPasswordSyncFromPcns,
        computer: (server.name.split('.')[0] ?? '').slice(0, netbiosLength).toUpperCase(),
        ...(isOwn && {
          at: now(),
          events: countEvents(database, 'ENTSSO', this.#countedSince),
          version: `${version} (${process.arch})`,
        }),
      };
    });
  }

  async setStopped(caller: SsoCaller, name: string, stopped: boolean): Promise<void> {
    const { service, file, changed } = this.#parts;
    await this.#require(caller, name, stopped ? 'Stopping the server' : 'Starting the server');
    const index = file.configuration.singleSignOn.servers.findIndex((server) => server.name === name);
    const by = service.sso.access.accountOf(caller) ?? caller.name;
    file.edit(['singleSignOn', 'servers', index, 'stopped'], stopped, by);
    changed();
  }

  async resetCounts(caller: SsoCaller, name: string): Promise<void> {
    await this.#require(caller, name, 'Resetting the event counts');
    this.#countedSince = this.#parts.now();
    this.#parts.changed();
  }

  /** Asks every domain for accounts that a single sign-on service runs as. */
  async discover(): Promise<{ name: string; serviceAccount: string }[]> {
    const found = new Map<string, { name: string; serviceAccount: string }>();
    for (const { name: domain, dn, connect } of this.#parts.domains()) {
      const connection = await connect();
      const entries = await connection.searchEntries({
        base: dn,
        scope: 'sub',
        filter: '(servicePrincipalName=ENTSSO/*)',
        attributes: ['servicePrincipalName', 'sAMAccountName'],
      });
      for (const entry of entries)
        for (const spn of textsOf(entry, 'servicePrincipalName')) {
          const host = /^ENTSSO\/([^/:]+)$/i.exec(spn)?.[1];
          if (host === undefined) continue;
          const serviceAccount = `${domain}\\${textOf(entry, 'sAMAccountName') ?? ''}`;
          found.set(host.toLowerCase(), { name: host, serviceAccount });
        }
    }
    return [...found.values()].sort((left, right) => left.name.localeCompare(right.name));
  }

  async #require(caller: SsoCaller, name: string, what: string): Promise<void> {
    const { service } = this.#parts;
    await service.sso.access.requireSsoAdministrator(caller, what);
    if (service.ports.settings().server?.name === name) return;
    throw new AppError('unavailable', `"${name}" is another computer`, {
      fix: 'Open the console there, or connect to its service.',
    });
  }
}

function statusOf({ stopped }: SsoServer, isEnabled: boolean): SsoServerRow['status'] {
  if (stopped) return 'Stopped';
  return isEnabled ? 'Online' : 'Offline';
}
