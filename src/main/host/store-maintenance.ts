import type { Clock } from '#engine/clock.ts';
import { type Backup, backupsOf, makeBackup } from '#store/backups.ts';
import type { ChangeStore } from '#store/change-store.ts';
import type { Database } from '#store/database.ts';
import type { EventStore } from '#store/event-store.ts';

const hour = 3_600_000;
const day = 24 * hour;
const kept = 7;

export interface StoreMaintenanceParts {
  readonly database: Database;
  readonly changes: Pick<ChangeStore, 'prune'>;
  readonly events: Pick<EventStore, 'prune'>;
  readonly clock: Clock;
  /** Days that a settled change can be traced, and that the event log tells of. */
  readonly keepDays: () => number;
  readonly report: (error: unknown) => void;
}

/** A backup a day, and an end to what is older than anybody asks for. */
export class StoreMaintenance {
  readonly #parts: StoreMaintenanceParts;
  #cancel: (() => void) | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: StoreMaintenanceParts) {
    this.#parts = parts;
  }

  /** Looks every hour, so that a server that sleeps at night gets its backup too. */
  start(): void {
    const { clock, report } = this.#parts;
    const next = (delay: number): void => {
      this.#cancel = clock.schedule(delay, () => {
        next(hour);
        this.#inTurn(() => this.#tend()).catch(report);
      });
    };
    next(hour / 60);
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#running.catch(() => undefined);
  }

  backUp(): Promise<Backup> {
    const { database, clock } = this.#parts;
    return this.#inTurn(() => makeBackup(database, clock.now(), kept));
  }

  async #tend(): Promise<void> {
    const { database, changes, events, clock, keepDays } = this.#parts;
    const now = clock.now();
    const last = backupsOf(database.path).at(-1);
    if (last === undefined || now - last.at >= day) await makeBackup(database, now, kept);
    const oldest = now - keepDays() * day;
    await changes.prune(oldest);
    await events.prune(oldest);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#running.then(work, work);
    this.#running = done;
    return done;
  }
}
