import { hostname } from 'node:os';

import type { Clock } from '#engine/clock.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { localCaller, type SsoCaller } from '#sso/caller.ts';
import { createSso, type Sso, type SsoHooks } from '#sso/create-sso.ts';
import type { AccountDirectory, AuditSink, AuditTable, SsoPorts } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';
import type { Database } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { SsoAuditTrail } from '#store/sso-audit-trail.ts';
import { HeldKeyStore } from '#vault/held-key-store.ts';
import { MasterSecret } from '#vault/master-secret.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import { createAuditWriter } from './audit-writer.ts';
import { checkSpn, type SpnAdvice } from './check-spn.ts';
import type { Domain } from './domain-directory.ts';
import { openBackend, type SsoBackend } from './open-backend.ts';
import { ReEncryption } from './re-encryption.ts';
import { SecretDesk } from './secret-desk.ts';
import {
  findServiceAccountProblem,
  guardSsoSettings,
  tellAdministrators,
  tellSsoSettings,
} from './settings-guard.ts';
import { findKeeper } from './shared/find-keeper.ts';
import { principalOf } from './shared/principal-of.ts';
import { SecretCourier } from './shared/secret-courier.ts';
import { SharedSystem } from './shared/shared-system.ts';
import { isSecretServer, ssoSettingsOf } from './sso-settings.ts';

/** Lines that the table of administration keeps. */
const administrationLines = 100_000;
const day = 86_400_000;

export interface OpenSsoParts {
  readonly file: ConfigurationFile;
  readonly database: Database;
  readonly clock: Clock;
  /** A key of the vault for one purpose; the caller wipes it. */
  readonly derive: (purpose: string) => SecretBytes;
  /** Password of this server's account at the shared database. */
  readonly databasePassword: () => Promise<SecretBytes | undefined>;
  readonly directory: AccountDirectory;
  readonly domains: () => readonly Domain[];
  readonly record: (event: EngineEvent) => void;
  readonly changed: () => void;
  /** Told when somebody changed a definition, and who. */
  readonly administered: (by: string) => void;
  readonly report: (error: unknown) => void;
  readonly hooks?: SsoHooks;
}

/** A running single sign-on server. */
export interface SsoService {
  readonly sso: Sso;
  readonly ports: SsoPorts;
  readonly secret: MasterSecret;
  readonly desk: SecretDesk;
  readonly reEncryption: ReEncryption;
  readonly trail: SsoAuditTrail;
  readonly audit: AuditSink;
  readonly backend: SsoBackend;
  /** This server's part in a system of several; undefined where its own store has the credential database. */
  readonly system: SharedSystem | undefined;
  /** Fetches the master secret where another server keeps it. */
  readonly courier: SecretCourier | undefined;
  /** What the directory says of the name that callers ask a ticket for. */
  checkSpn(caller: SsoCaller, connectTo: string): Promise<SpnAdvice>;
  /** Whether the current master secret is in no backup. */
  readonly needsBackup: () => boolean;
  close(): Promise<void>;
}

/** Opens the single sign-on server of this service over its store, its vault and its directory. */
export async function openSso(parts: OpenSsoParts): Promise<SsoService> {
  const { file, database, clock, derive, directory, record, changed } = parts;
  let isClosing = false;
  /** The directory closes with the server: a question under way then fails, which is no news. */
  const report = (error: unknown): void => {
    if (!isClosing) parts.report(error);
  };
  const host = hostname();
  const settings = () => ssoSettingsOf(file.configuration, host);
  const auditKey = derive('sso audit');
  const trail = new SsoAuditTrail(database, auditKey, (table) => capacityOf(table, settings().system.audits));
  auditKey.wipe();
  const writer = createAuditWriter({ trail, clock, settings, record });
  const audit: AuditSink = {
    async record(entry) {
      await writer.record(entry);
      if (entry.event === 10535) parts.administered(entry.caller ?? 'service');
    },
  };
  const { sharedDatabase } = file.configuration.singleSignOn;
  const backend = await openBackend({ database, shared: sharedDatabase, password: parts.databasePassword });
  const shared =
    backend.shared &&
    new SharedSystem({ database: backend.shared, file, hostName: host, clock, audit, report });
  // Which server keeps the master secret is for the system to say.
  await shared?.join();
  const ownKeys = new KeyTable(database, { lock: 'sso_lock', key: 'sso_key' });
  const keepsSecret = shared === undefined || isSecretServer(settings(), ownKeys.readLock() !== undefined);
  const secret = await MasterSecret.open({
    store: keepsSecret ? ownKeys : new HeldKeyStore(),
    vaultKey: () => derive('sso master secret'),
    now: () => clock.now(),
    obstacle: () => courier?.obstacle,
  });
  const courier =
    keepsSecret || shared === undefined
      ? undefined
      : new SecretCourier({
          secret,
          audit,
          keeper: () => findKeeper(settings(), shared),
          principal: () => principalOf(settings(), parts.domains()),
        });
  const ports: SsoPorts = {
    database: backend.credentials,
    seal: secret,
    directory,
    audit,
    clock,
    settings,
  };
  const sso = createSso(ports, {
    ...parts.hooks,
    applicationChanged(application) {
      parts.hooks?.applicationChanged?.(application);
      shared?.purge(application);
      changed();
    },
    adapterChanged(adapter) {
      parts.hooks?.adapterChanged?.(adapter);
      changed();
    },
  });
  const rows = backend.sealed;
  const secretChanged = (): void => {
    shared?.announce();
    changed();
  };
  const reEncryption = new ReEncryption({ secret, rows, audit, changed });
  const desk = new SecretDesk({ sso, secret, rows, reEncryption, keepsSecret, changed: secretChanged });
  const needsBackup = (): boolean => {
    const { current, createdAt = 0, backedUpAt = 0 } = secret.status;
    return current !== undefined && backedUpAt < createdAt;
  };

  file.guard((after, before) => {
    // What an administrator was allowed to do at another server is no change of this one.
    if (shared?.isAdopting !== true) guardSsoSettings(after, before);
  });
  file.onChange((after, before) => {
    // Who may look what up, and for how long an answer counts, may have changed.
    sso.forget();
    tellSsoSettings(audit, after, before, host)
      .then(changed)
      .then(() =>
        isSameSystem(after, before) ? undefined : tellAdministrators(audit, directory, settings()),
      )
      .catch(report);
  });
  await tellStart();
  let cancelWarning = (): void => undefined;
  warnOfBackup();
  if (keepsSecret && secret.status.previous.length > 0) reEncryption.start();
  return {
    sso,
    ports,
    secret,
    desk,
    reEncryption,
    trail,
    audit,
    backend,
    system: shared,
    courier,
    needsBackup,
    checkSpn: (caller, connectTo) => checkSpn({ sso, domains: parts.domains() }, caller, connectTo),
    async close() {
      isClosing = true;
      cancelWarning();
      reEncryption.cancel();
      await reEncryption.settled();
      if (settings().server !== undefined)
        await audit.record({ event: 10505, message: 'The single sign-on server stopped' });
      await courier?.close();
      secret.close();
      await backend.shared?.close();
    },
  };

  async function tellStart(): Promise<void> {
    const { system, server, hostName } = settings();
    // Without a server in the system this host takes no part, and has nothing to say.
    if (server === undefined) return;
    await audit.record({ event: 10501, message: `The single sign-on server ${hostName} is starting` });
    const problem = findServiceAccountProblem(settings());
    if (problem !== undefined)
      await audit.record({
        event: problem,
        message: `The service account of ${hostName} is ${server.serviceAccount}`,
      });
    if (keepsSecret && secret.status.current === undefined)
      await audit.record({ event: 10520, message: `${hostName} has no master secret` });
    if (!system.enabled) await audit.record({ event: 10537, message: 'Single sign-on is disabled' });
    await audit.record({ event: 10502, message: `The single sign-on server ${hostName} started` });
    // The directory may take its time; the server does not wait for it.
    void checkServiceAccount();
  }

  async function checkServiceAccount(): Promise<void> {
    const { server } = settings();
    if (!server?.serviceAccount) return;
    try {
      if (await sso.access.isSsoAdministrator(localCaller('service'))) return;
      const message = `The service account ${server.serviceAccount} is in none of the groups of SSO Administrators`;
      await audit.record({ event: 10550, message });
    } catch (error) {
      if (!(error instanceof SsoError)) return report(error);
      // The directory is away: nobody knows, and nothing inside has failed.
      if (!isClosing) await audit.record({ event: error.event, message: error.message });
    }
  }

  /** At the start and every day until there is a backup. */
  function warnOfBackup(): void {
    if (needsBackup())
      audit.record({ event: 10589, message: 'The master secret is in no backup' }).catch(report);
    cancelWarning = clock.schedule(day, warnOfBackup);
  }
}

function isSameSystem(
  { singleSignOn: after }: Configuration,
  { singleSignOn: before }: Configuration,
): boolean {
  return JSON.stringify(after.system) === JSON.stringify(before.system);
}

function capacityOf(
  table: AuditTable,
  audits: {
    readonly deletedApplications: number;
    readonly deletedMappings: number;
    readonly externalCredentialLookups: number;
  },
): number {
  switch (table) {
    case 'deleted-applications':
      return audits.deletedApplications;
    case 'deleted-mappings':
      return audits.deletedMappings;
    case 'administration':
      return administrationLines;
    default:
      return audits.externalCredentialLookups;
  }
}
