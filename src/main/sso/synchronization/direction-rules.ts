import type { SsoSystem } from '#shared/model/single-sign-on.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';

/** Why a direction is closed. */
export interface Obstacle {
  readonly event: number;
  readonly message: string;
  readonly fix: string;
}

/** Whether changes of Windows passwords go to this adapter. */
export function findOutwardObstacle({ passwordSync }: SsoSystem, adapter: SsoAdapter): Obstacle | undefined {
  if (!passwordSync.fromWindowsToAdapters) return windowsSyncOff;
  if (!adapter.enabled) return disabled(adapter, 11036);
  if (adapter.sendChanges) return undefined;
  return {
    event: 11036,
    message: `The adapter "${adapter.name}" takes no Windows password changes`,
    fix: 'Select "Send Windows password changes to adapter" on the Options tab of the adapter.',
  };
}

/** Whether changes that this adapter reports reach the credential database. */
export function findInwardObstacle({ passwordSync }: SsoSystem, adapter: SsoAdapter): Obstacle | undefined {
  if (!adapter.enabled) return disabled(adapter, 10800);
  if (!adapter.receiveChanges)
    return {
      event: 10707,
      message: `No password changes are received from the adapter "${adapter.name}"`,
      fix: 'Select "Receive password changes from adapter" on the Options tab of the adapter.',
    };
  if (passwordSync.fromAdaptersToDatabase || passwordSync.fromAdaptersToWindows) return undefined;
  return {
    event: 10707,
    message: 'The system takes no password changes from adapters',
    fix: 'Select "From adapters to SSO database (partial sync)" on the Options tab of the system.',
  };
}

/** Whether they reach Active Directory too: full synchronization. */
export function isFullSync({ passwordSync }: SsoSystem, adapter: SsoAdapter): boolean {
  return passwordSync.fromAdaptersToWindows && adapter.changeWindowsPassword;
}

/** Why an adapter has nothing to do here and may not open a session. */
export function findSessionObstacle(system: SsoSystem, adapter: SsoAdapter): Obstacle | undefined {
  const { fromWindowsToAdapters, fromAdaptersToDatabase, fromAdaptersToWindows } = system.passwordSync;
  if (!adapter.enabled) return disabled(adapter, 10800);
  if (adapter.kind === 'group-adapter') {
    if (fromWindowsToAdapters || fromAdaptersToDatabase || fromAdaptersToWindows) return undefined;
    return {
      event: 10706,
      message: `No direction of password synchronization is on, so the group adapter "${adapter.name}" has no work`,
      fix: 'Select a direction under Enable Password Sync on the Options tab of the system.',
    };
  }
  const isOpen =
    findOutwardObstacle(system, adapter) === undefined || findInwardObstacle(system, adapter) === undefined;
  if (isOpen) return undefined;
  return {
    event: 10707,
    message: `No direction is on for the adapter "${adapter.name}" and for the system at once`,
    fix: 'Select a direction on the Options tab of the adapter, and the same one on that of the system.',
  };
}

export const windowsSyncOff: Obstacle = {
  event: 10708,
  message: 'The system passes no Windows password changes on',
  fix: 'Select "From Windows to Adapters" on the Options tab of the system.',
};

function disabled({ name }: SsoAdapter, event: number): Obstacle {
  return { event, message: `The adapter "${name}" is disabled`, fix: 'Enable the adapter.' };
}
