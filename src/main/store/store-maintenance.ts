import type { Clock } from '#engine/clock.ts';

import { backupsOf, makeBackup } from './backups.ts';
import type { ChangeStore } from './change-store.ts';
import type { Database } from './database.ts';
import type { EventStore } from './event-store.ts';

const hour = 3_600_000;
const day = 24 * hour;

export interface StoreMaintenanceDependencies {
  readonly database: Database;
  readonly changes: ChangeStore;
  readonly events: EventStore;
  readonly clock: Clock;
  /** Told when the hourly round fails; it is tried again in an hour. */
  readonly report: (error: unknown) => void;
  /** Daily backups kept; 7 where absent. */
  readonly backups?: number;
  /** Age, in milliseconds, at which ended changes and events are forgotten; 90 days where absent. */
  readonly memory?: number;
}

/** Backs the database up once a day and forgets what is old. */
export class StoreMaintenance {
  readonly #dependencies: StoreMaintenanceDependencies;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(dependencies: StoreMaintenanceDependencies) {
    this.#dependencies = dependencies;
  }

  /** Runs a round now and then every hour. */
  start(): void {
    if (this.#cancel !== undefined) return;
    const { clock, report } = this.#dependencies;
    const next = (delay: number) => {
      this.#cancel = clock.schedule(delay, () => {
        next(hour);
        this.#running = this.tend().catch(report);
      });
    };
    next(0);
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    await this.#running;
  }

  /** One round: forgets what is old, then makes the day's backup if it is due. */
  async tend(): Promise<void> {
    const { database, changes, events, clock, backups = 7, memory = 90 * day } = this.#dependencies;
    const now = clock.now();
    await changes.prune(now - memory);
    await events.prune(now - memory);
    const newest = backupsOf(database.path).at(-1);
    if (newest === undefined || now - newest.at >= day) await makeBackup(database, now, backups);
  }
}
