import type { Clock } from '#engine/clock.ts';
import type { SharedSystemTable } from '#store/shared/shared-system-table.ts';

/** Applications whose caches the others forget are told together, milliseconds. */
const delay = 200;

/** Has the other servers forget what they cache of applications, however many credentials of one change at a time. */
export class PurgeBundle {
  readonly #table: SharedSystemTable;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  readonly #applications = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(table: SharedSystemTable, clock: Clock, report: (error: unknown) => void) {
    this.#table = table;
    this.#clock = clock;
    this.#report = report;
  }

  add(application: string): void {
    this.#applications.add(application);
    this.#cancel ??= this.#clock.schedule(delay, () => {
      this.#cancel = undefined;
      const applications = [...this.#applications];
      this.#applications.clear();
      this.#table.purge(applications).catch((error: unknown) => {
        // The next one takes them along; the timeout of the caches ends what is never told.
        for (const each of applications) this.#applications.add(each);
        this.#report(error);
      });
    });
  }

  stop(): void {
    this.#cancel?.();
  }
}
