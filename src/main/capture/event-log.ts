import type { TrackingId } from '#shared/model/change.ts';
import type { Database } from '#store/database.ts';

/** One entry of the domain controller's event log; `number` is PCNS' own where PCNS has one. */
export interface CaptureEvent {
  readonly number: number;
  readonly at: number;
  readonly message: string;
  readonly trackingId?: TrackingId;
  readonly account?: string;
  /** Name of the target. */
  readonly target?: string;
}

export type CaptureEventSink = (event: Omit<CaptureEvent, 'at'>) => void;

export interface StoredEvent extends CaptureEvent {
  readonly id: number;
}

export interface EventLogOptions {
  readonly database: Database;
  readonly now: () => number;
  /** One JSON document a line. */
  readonly writeLine: (line: string) => void;
  /** Events kept in the database. */
  readonly keep?: number;
}

const trimEvery = 1000;

/** The event log of a domain controller: a table that `carillon events` reads, and a line for the journal. */
export class EventLog {
  readonly #options: EventLogOptions;
  #sinceTrim = 0;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  readonly log: CaptureEventSink = (event) => {
    const { database, now, writeLine } = this.#options;
    const entry: CaptureEvent = { ...event, at: now() };
    writeLine(JSON.stringify({ ...entry, at: new Date(entry.at).toISOString(), source: 'PCNSSVC' }));
    database
      .commit(() => {
        database.run(
          'INSERT INTO event (at, number, message, tracking_id, account, target) VALUES (?, ?, ?, ?, ?, ?)',
          entry.at,
          entry.number,
          entry.message,
          entry.trackingId ?? null,
          entry.account ?? null,
          entry.target ?? null,
        );
        this.#trim();
      })
      .catch((error: unknown) => {
        // The journal has the event already; a full disk must not end the service.
        writeLine(JSON.stringify({ level: 'error', message: `The event table: ${String(error)}` }));
      });
  };

  /** Newest first. */
  list(limit: number, number?: number): readonly StoredEvent[] {
    const rows = this.#options.database.all<{
      id: number;
      at: number;
      number: number;
      message: string;
      tracking_id: string | null;
      account: string | null;
      target: string | null;
    }>(
      'SELECT * FROM event WHERE ?1 IS NULL OR number = ?1 ORDER BY id DESC LIMIT ?2',
      number ?? null,
      limit,
    );
    return rows.map(({ id, at, number: found, message, tracking_id, account, target }) => ({
      id,
      at,
      number: found,
      message,
      ...(tracking_id === null ? {} : { trackingId: tracking_id as TrackingId }),
      ...(account === null ? {} : { account }),
      ...(target === null ? {} : { target }),
    }));
  }

  #trim(): void {
    this.#sinceTrim += 1;
    if (this.#sinceTrim < trimEvery) return;
    this.#sinceTrim = 0;
    const { database, keep = 100_000 } = this.#options;
    database.run('DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?', keep);
  }
}
