import { defineEvent } from '#shared/events/find-event.ts';

import { type RestoredBackup, restoreBackup } from './backups.ts';

export interface RestoredStore extends RestoredBackup {
  /** Deliveries that wait for an administrator. */
  readonly parked: number;
}

/**
 * Puts the newest backup of the server's database, or the one named, back. What waited when it was made is parked,
 * with event `event`, which is logged once: a newer password may have reached the target since, and only an administrator can tell.
 */
export function restoreStore(path: string, now: number, event: number, from?: string): RestoredStore {
  let parked = 0;
  const restored = restoreBackup(path, now, {
    from,
    prepare: (copy) => {
      const { changes } = copy
        .prepare("UPDATE delivery SET state = 'parked', event = ?, reason = ? WHERE state = 'waiting'")
        .run(event, 'Restored from a backup; the target may hold a newer password');
      parked = Number(changes);
      if (parked === 0) return;
      const { source, severity } = defineEvent(event);
      const message = `The store was restored from a backup; deliveries that are parked since: ${parked}`;
      copy
        .prepare('INSERT INTO event (at, number, source, severity, message) VALUES (?, ?, ?, ?, ?)')
        .run(now, event, source, severity, message);
    },
  });
  return { ...restored, parked };
}
