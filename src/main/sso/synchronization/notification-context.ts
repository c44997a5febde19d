import type { NotificationPlace } from './ports.ts';

/** What the seal of a waiting notification covers, in the vault's terms. */
export function notificationContext({ trackingId, adapter, externalUser, changedAt }: NotificationPlace) {
  return {
    trackingId,
    account: externalUser,
    target: `adapter ${adapter.toLowerCase()}`,
    sequence: changedAt,
  } as const;
}
