import { randomUUID } from 'node:crypto';

import { PasswordFailure } from '#shared/model/password-failure.ts';
import { type SsoServer, type SsoSystem, ssoServerSchema } from '#shared/model/single-sign-on.ts';
import { type SsoAdapter, type SsoAdapterInput, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { type SsoApplicationInput, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { applyPasswordFilter } from '#shared/text/password-filter.ts';
import { createSynchronization, type Synchronization } from '#sso/synchronization/create-synchronization.ts';
import type { ExternalOutcome } from '#sso/synchronization/external-change.ts';
import type { WindowsChange } from '#sso/synchronization/windows-changes.ts';
import { NotificationTable } from '#store/notification-table.ts';
import { StoredDamping } from '#store/stored-damping.ts';
import { openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

/** Active Directory as full synchronization needs it: it knows passwords, and tells of every change. */
export class KnownPasswords {
  readonly passwords = new Map<string, string>();
  /** What the next change fails with. */
  failure: PasswordFailure | undefined;
  readonly changed: string[] = [];

  async change(account: string, old: SecretBytes, next: SecretBytes): Promise<void> {
    const { failure } = this;
    if (failure !== undefined) throw failure;
    if (this.passwords.get(account) !== textOf(old)) throw new PasswordFailure('bad-password', 'Wrong');
    this.passwords.set(account, textOf(next));
    this.changed.push(account);
  }
}

export function textOf(secret: SecretBytes): string {
  return Buffer.from(secret.bytes).toString('utf8');
}

export function secretOf(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

export interface SyncWorld extends AsyncDisposable {
  readonly sso: SsoWorld;
  readonly synchronization: Synchronization;
  readonly windows: KnownPasswords;
  readonly reports: unknown[];
  addApplication(application: SsoApplicationInput): Promise<void>;
  addAdapter(adapter: Omit<SsoAdapterInput, 'computer'>): Promise<void>;
  changeAdapter(name: string, changes: Partial<SsoAdapter>): Promise<void>;
  map(application: string, account: string, externalUser: string, enabled?: boolean): Promise<number>;
  setServer(changes: Partial<SsoServer>): void;
  setDirections(changes: Partial<SsoSystem['passwordSync']>): void;
  /** A Windows change as a domain controller tells it. */
  windowsChange(account: string, password: string, more?: Partial<WindowsChange>): Promise<void>;
  /** A change as an adapter reports it. */
  report(
    adapter: string,
    externalUser: string,
    password: string,
    oldPassword?: string,
    changedAt?: number,
  ): Promise<ExternalOutcome>;
  /** Everything that is due for an adapter, set and confirmed; account and password of each. */
  deliver(adapter: string): Promise<readonly string[]>;
  stored(
    application: string,
    externalUser: string,
    kind?: 'external' | 'windows',
  ): Promise<string | undefined>;
  /** Numbers of what was audited since the last time. */
  events(): readonly number[];
}

/** Password synchronization over a real store, with every direction open. */
export async function openSyncWorld(): Promise<SyncWorld> {
  const sso = await openSsoWorld();
  const windows = new KnownPasswords();
  const reports: unknown[] = [];
  const { ports, clock } = sso;
  const allOn = { fromWindowsToAdapters: true, fromAdaptersToDatabase: true, fromAdaptersToWindows: true };
  sso.setSystem({ passwordSync: allOn });
  const setServer = (changes: Partial<SsoServer>): void => {
    const server = ssoServerSchema.parse({ ...sso.settings.server, ...changes });
    sso.settings = { ...sso.settings, server };
  };
  setServer({ allowPasswordSyncFromPcns: true, allowPasswordSyncFromFim: true });
  const synchronization = await createSynchronization({
    ...ports,
    clock,
    credentials: sso.sso.credentials,
    queue: new NotificationTable(sso.database),
    notificationSeal: {
      seal: (secret) => new Uint8Array(secret.bytes),
      open: (sealed) => SecretBytes.copy(sealed),
    },
    damping: new StoredDamping(sso.database),
    windows,
    filter: applyPasswordFilter,
    newTrackingId: randomUUID,
    report: (error) => void reports.push(error),
  });
  const { database } = ports;
  const requireAdapter = async (name: string): Promise<SsoAdapter> => {
    const adapter = await database.adapters.find(name);
    if (adapter === undefined) throw new Error(`No adapter ${name}`);
    return adapter;
  };
  let heard = 0;
  return {
    sso,
    synchronization,
    windows,
    reports,
    async addApplication(application) {
      const users = ['FABRIKAM\\App Users'];
      await database.applications.insert([
        ssoApplicationSchema.parse({ users, enabled: true, ...application }),
      ]);
    },
    async addAdapter(adapter) {
      const defaults = {
        computer: 'intsvr1.fabrikam.lab',
        enabled: true,
        sendChanges: true,
        receiveChanges: true,
      };
      await database.adapters.insert([ssoAdapterSchema.parse({ ...defaults, ...adapter })]);
    },
    async changeAdapter(name, changes) {
      await database.adapters.update([{ ...(await requireAdapter(name)), ...changes }]);
    },
    async map(application, windowsAccount, externalUser, enabled = true) {
      const mapping = { application, windowsAccount, externalUser, enabled, disabledByAdministrator: false };
      const [id] = await database.insertMappings([mapping]);
      return id ?? -1;
    },
    setServer,
    setDirections: (changes) => sso.setSystem({ passwordSync: { ...allOn, ...changes } }),
    async windowsChange(account, password, more = {}) {
      using secret = secretOf(password);
      const change = {
        trackingId: randomUUID(),
        account,
        changedAt: clock.now(),
        source: 'pcns',
        caller: 'DC1$@FABRIKAM.LAB',
        ...more,
      } as const;
      await synchronization.windows.receive(change, secret);
    },
    async report(adapter, externalUser, password, oldPassword, changedAt = clock.now()) {
      using secret = secretOf(password);
      using old = oldPassword === undefined ? undefined : secretOf(oldPassword);
      const change = { trackingId: randomUUID(), externalUser, changedAt, caller: 'adapter' };
      return await synchronization.external.receive(await requireAdapter(adapter), change, {
        password: secret,
        oldPassword: old,
      });
    },
    async deliver(name) {
      const adapter = await requireAdapter(name);
      const delivered: string[] = [];
      for (;;) {
        const handedOut = await synchronization.desk.take(adapter);
        if (handedOut === undefined) return delivered;
        using password = handedOut.password;
        handedOut.oldPassword?.wipe();
        delivered.push(`${handedOut.notification.externalUser} ${textOf(password)}`);
        const success = { errorCode: 0, errorMessage: '', isTemporary: false };
        await synchronization.desk.confirm(adapter, handedOut.notification.id, success);
      }
    },
    async stored(name, externalUser, kind = 'external') {
      const application = await database.applications.find(name);
      const [mapping] = await database.listMappings({ applications: [name], externalUser });
      if (application === undefined || mapping === undefined) return undefined;
      const found = await sso.sso.credentials.readPassword(application, mapping, kind);
      return found === undefined ? undefined : textOf(found.password);
    },
    events() {
      // Time stamps accompany every change, and are looked at by themselves.
      const numbers = sso.entries.slice(heard).flatMap(({ event }) => (event === 10664 ? [] : [event]));
      heard = sso.entries.length;
      return numbers;
    },
    [Symbol.asyncDispose]: () => sso[Symbol.asyncDispose](),
  };
}
