import type { EventEntry } from './event-definition.ts';
import { syncAdapterEvents } from './sync-adapter-events.ts';
import { syncAdministrationEvents } from './sync-administration-events.ts';
import { syncExternalEvents } from './sync-external-events.ts';
import { syncReplayEvents } from './sync-replay-events.ts';
import { syncWindowsEvents } from './sync-windows-events.ts';

/** Events of password synchronization with adapters, under the numbers of ENTSSO. */
export const passwordSyncEvents: readonly EventEntry[] = [
  ...syncWindowsEvents,
  ...syncExternalEvents,
  ...syncAdapterEvents,
  ...syncAdministrationEvents,
  ...syncReplayEvents,
];
