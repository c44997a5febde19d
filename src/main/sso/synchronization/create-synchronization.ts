import { Damping, type RememberedChange } from './damping.ts';
import { ExternalChanges } from './external-changes.ts';
import { NotificationDesk } from './notification-desk.ts';
import type { SyncPorts } from './ports.ts';
import { WindowsChanges } from './windows-changes.ts';
import { WindowsFanOut } from './windows-fan-out.ts';

/** Password synchronization put together over its ports. */
export interface Synchronization {
  readonly ports: SyncPorts;
  /** Takes changes of Windows passwords. */
  readonly windows: WindowsChanges;
  /** Takes changes that adapters report. */
  readonly external: ExternalChanges;
  /** Gives adapters what waits for them. */
  readonly desk: NotificationDesk;
  /** Which changes were made in the last minutes, newest first. */
  listDamping(limit: number): Promise<readonly RememberedChange[]>;
  /** Forgets which changes were made in the last minutes; resolves with how many there were. */
  clearDamping(): Promise<number>;
}

export async function createSynchronization(ports: SyncPorts): Promise<Synchronization> {
  const { seal, clock, report } = ports;
  const damping = await Damping.open({ table: ports.damping, seal, clock, report });
  const desk = new NotificationDesk(ports, damping);
  const fanOut = new WindowsFanOut(ports, desk);
  return {
    ports,
    desk,
    windows: new WindowsChanges(ports, damping, fanOut),
    external: new ExternalChanges({ ports, damping, desk, fanOut }),
    listDamping: (limit) => damping.list(limit),
    clearDamping: () => damping.clear(),
  };
}
