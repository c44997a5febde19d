import { join } from 'node:path';

import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import { sharedDatabaseCredential } from '#shared/model/shared-database.ts';
import type { Topics } from '#shared/rpc/topics.ts';
import type { Database } from '#store/database.ts';

import type { AgentLinks } from '../agent-links.ts';
import type { AgentNames } from '../agent-names.ts';
import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import type { EventLog } from '../event-log.ts';
import type { Vault } from '../open-vault.ts';
import { systemClock as clock } from '../system-clock.ts';
import { DatabaseDesk } from './database-desk.ts';
import { DomainDirectory } from './domain-directory.ts';
import { Domains } from './domains.ts';
import { openSso } from './open-sso.ts';
import { openSynchronization } from './open-synchronization.ts';
import { ServerBoard } from './server-board.ts';
import { joinSystem } from './shared/join-system.ts';
import { createWindowsPasswords } from './windows-account-passwords.ts';

export interface SingleSignOnParts {
  readonly file: ConfigurationFile;
  readonly dataDirectory: string;
  readonly database: Database;
  readonly vault: Vault;
  readonly names: AgentNames;
  readonly links: AgentLinks;
  readonly topics: Topics<CarillonContract>;
  readonly record: EventLog['record'];
  readonly report: (error: unknown) => void;
  /** Told when an administrator changed a definition. */
  readonly administered: (by: string) => unknown;
}

export type SingleSignOn = Awaited<ReturnType<typeof openSingleSignOn>>;

/** Opens the single sign-on half of a server; it takes part in a system of several servers once it joins. */
export async function openSingleSignOn(parts: SingleSignOnParts) {
  const { file, dataDirectory, database, vault, names, links, topics, record, report, administered } = parts;
  await using opening = new AsyncDisposableStack();
  const changed = (): void => topics.emit('sso.changed', {});
  const { credential } = links;
  const domains = new Domains(
    () => names.all,
    async (agent) => credential(agent),
  );
  opening.defer(() => domains.close());
  const directory = new DomainDirectory(() => domains.all, clock);
  const databasePassword = async () => vault.credentials.get(sharedDatabaseCredential);
  // Definitions can change while the adapters' server still opens.
  let refreshAdapters = (): unknown => undefined;
  const sso = await openSso({
    file,
    database,
    clock,
    derive: (purpose) => vault.derive(purpose),
    databasePassword,
    directory,
    domains: () => domains.all,
    record,
    changed,
    report,
    hooks: { adapterChanged: () => refreshAdapters() },
    administered,
  });
  opening.defer(() => sso.close());
  const synchronization = await openSynchronization({
    dataDirectory,
    configuration: file.configuration,
    sso,
    serverAccounts: () => file.configuration.singleSignOn.servers.map(({ serviceAccount }) => serviceAccount),
    seal: vault.seal,
    clock,
    windows: createWindowsPasswords(domains, links),
    domains: () => domains.all,
    credential,
    record,
    changed,
    report,
  });
  opening.defer(() => synchronization.stop());
  refreshAdapters = () => synchronization.adapters.refresh().catch(report);
  const servers = new ServerBoard({
    service: sso,
    file,
    database,
    domains: () => domains.all,
    now: () => clock.now(),
    changed,
  });
  const databaseDesk = new DatabaseDesk({
    service: sso,
    file,
    replayDirectory: join(dataDirectory, 'replay'),
    readPassword: databasePassword,
    savePassword: (name, password) => vault.credentials.set(name, password),
  });
  const open = opening.move();
  return {
    domains,
    directory,
    sso,
    synchronization,
    servers,
    databaseDesk,
    refreshAdapters,
    joinSystem: () => joinSystem({ sso, synchronization, servers, changed }),
    leaveSystem: () => sso.system?.stop(),
    close: () => open.disposeAsync(),
  };
}
