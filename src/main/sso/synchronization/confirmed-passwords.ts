import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Mapping } from '../ports.ts';
import { isSsoError, SsoError } from '../sso-error.ts';
import { applicationsOf } from './adapter-mappings.ts';
import type { NewNotification, Notification, SyncPorts } from './ports.ts';
import type { ChangeAudit } from './sync-audit.ts';

/** A password that an adapter has to set after all. */
export interface Repair {
  readonly notification: Omit<NewNotification, 'queuedAt' | 'sealed'>;
  readonly password: SecretBytes;
}

/**
 * Stores a password that an external system took, in every mapping that the account has on its adapter.
 * Where the database knows a newer one, the external system took an older password after it: the newer one is what
 * this resolves with, to be sent behind it. The taker wipes it.
 */
export async function storeConfirmed(
  notification: Notification,
  adapter: SsoAdapter,
  audit: ChangeAudit,
  ports: SyncPorts,
): Promise<Repair | undefined> {
  const { database, credentials, notificationSeal } = ports;
  const { externalUser, changedAt } = notification;
  using password = notificationSeal.open(notification.sealed, notification);
  const applications = await applicationsOf(adapter, database);
  let newer: { readonly mapping: Mapping; readonly application: SsoApplication } | undefined;
  for (const mapping of await database.listMappings({
    applications: [...applications.keys()],
    externalUser,
  })) {
    const application = applications.get(mapping.application);
    if (application === undefined) continue;
    const at = { application: application.name, windowsAccount: mapping.windowsAccount };
    try {
      const written = await credentials.writePassword(application, mapping, 'external', password, changedAt);
      if (written.blanked > 0)
        await audit.failed(10711, `${written.blanked} other fields of ${externalUser} are empty now`, at);
      await audit.done(10736, `The password of ${externalUser} in ${application.name} was stored`, at);
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      const isOlder = isSsoError(error, 10816);
      if (isOlder) newer = { mapping, application };
      const message = `The password of ${externalUser} in ${application.name} was not stored: ${error.message}`;
      await audit.failed(isOlder ? 10816 : 10737, message, at);
    }
  }
  return newer === undefined ? undefined : readNewer(newer.mapping, newer.application, notification, ports);
}

async function readNewer(
  mapping: Mapping,
  application: SsoApplication,
  { adapter }: Notification,
  { credentials, newTrackingId }: SyncPorts,
): Promise<Repair | undefined> {
  const stored = await credentials.readPassword(application, mapping, 'external');
  if (stored === undefined) return undefined;
  const { windowsAccount, externalUser } = mapping;
  return {
    notification: {
      trackingId: newTrackingId(),
      adapter,
      application: application.name,
      windowsAccount,
      externalUser,
      changedAt: stored.changedAt,
    },
    password: stored.password,
  };
}
