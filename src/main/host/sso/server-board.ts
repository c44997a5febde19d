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
import { type HeardServer, type ServerReport, statusOfOther } from './shared/server-report.ts';

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
    const { service, file, now } = this.#parts;
    const { system, servers } = file.configuration.singleSignOn;
    const own = service.ports.settings().server?.name;
    const keeper = system.masterSecretServer?.toLowerCase();
    const shared = service.backend.shared?.place;
    const others = new Map((service.system?.others ?? []).map((each) => [each.name.toLowerCase(), each]));
    return servers.map((server) => {
      const isOwn = server.name === own;
      const heard = isOwn ? undefined : others.get(server.name.toLowerCase());
      return {
        name: server.name,
        steerable: isOwn || service.system !== undefined,
        status: isOwn ? statusOf(server, system.enabled) : this.#statusOfOther(server, heard),
        serviceAccount: server.serviceAccount,
        database: shared ?? server.database,
        secretServer: keeper === undefined ? isOwn : server.name.toLowerCase() === keeper,
        passwordSync: allowsIdentityManager(server) || server.allowPasswordSyncFromPcns,
        computer: (server.name.split('.')[0] ?? '').slice(0, netbiosLength).toUpperCase(),
        ...(isOwn && { at: now(), events: this.#counts(), version: this.#version }),
        ...(heard !== undefined && {
          at: heard.seenAt,
          events: heard.report.events,
          version: heard.report.version,
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
    const { service } = this.#parts;
    if (service.ports.settings().server?.name !== name) await service.system?.requestReset(name);
    else this.resetOwnCounts();
  }

  resetOwnCounts(): void {
    this.#countedSince = this.#parts.now();
    this.#parts.changed();
  }

  /** What the other servers of the system are told of this one. */
  describeOwn(channel: ServerReport['channel']): Omit<ServerReport, 'pollInterval'> {
    const { service } = this.#parts;
    return {
      state: service.ports.settings().server?.stopped === true ? 'stopped' : 'running',
      version: this.#version,
      events: this.#counts(),
      hasSecret: service.secret.status.current !== undefined,
      keepsSecret: service.courier === undefined,
      ...(channel === undefined ? {} : { channel }),
    };
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

  #counts(): ServerReport['events'] {
    return countEvents(this.#parts.database, 'ENTSSO', this.#countedSince);
  }

  get #version(): string {
    return `${version} (${process.arch})`;
  }

  #statusOfOther(server: SsoServer, heard: HeardServer | undefined): SsoServerRow['status'] {
    const { service, file } = this.#parts;
    if (service.system === undefined) return 'Offline';
    return statusOfOther(server, heard, file.configuration.singleSignOn.system.enabled);
  }

  async #require(caller: SsoCaller, name: string, what: string): Promise<void> {
    const { service } = this.#parts;
    await service.sso.access.requireSsoAdministrator(caller, what);
    const { servers } = this.#parts.file.configuration.singleSignOn;
    if (service.system !== undefined && servers.some((server) => server.name === name)) return;
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
