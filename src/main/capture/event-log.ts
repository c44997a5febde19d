import { defineEvent } from '#shared/events/find-event.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';
import type { PcnsTarget } from '#shared/model/pcns.ts';
import type { Database } from '#store/database.ts';
import { type EventEntry, EventStore } from '#store/event-store.ts';

/** One entry of the domain controller's event log; `number` is PCNS' own where PCNS has one. */
export interface CaptureEvent {
  readonly number: number;
  /** The one sentence an operator reads: what happened to which object. */
  readonly message: string;
  readonly trackingId?: TrackingId;
  readonly account?: string;
  readonly target?: Pick<PcnsTarget, 'guid'>;
}

export type CaptureEventSink = (event: CaptureEvent) => void;

export interface CaptureLogOptions {
  readonly database: Database;
  readonly now: () => number;
  /** Writes one line to the journal. */
  readonly writeLine: (line: string) => void;
}

/** Writes events to the table that `carillon events` reads, and to the journal as one JSON document a line. */
export class CaptureLog {
  readonly #database: Database;
  readonly #store: EventStore;
  readonly #now: () => number;
  readonly #writeLine: (line: string) => void;

  constructor({ database, now, writeLine }: CaptureLogOptions) {
    this.#database = database;
    this.#store = new EventStore(database);
    this.#now = now;
    this.#writeLine = writeLine;
  }

  /** Writes one event; a table that cannot be written is said in the journal, and ends nothing. */
  readonly write: CaptureEventSink = (event) => {
    const entry = this.#complete(event);
    this.#tell(entry);
    this.#store.append(entry).catch((error: unknown) => {
      // The journal has the event already, and a full disk must not end the service.
      this.#writeLine(
        JSON.stringify({ severity: 'error', message: `The event log cannot be written: ${String(error)}` }),
      );
    });
  };

  /** Commits `work` together with the events that tell of it: a power cut leaves both or neither. */
  async commit<T>(work: () => T, describe: (done: T) => readonly CaptureEvent[]): Promise<T> {
    let entries: readonly EventEntry[] = [];
    const done = await this.#database.commit(() => {
      const result = work();
      entries = describe(result).map((event) => this.#complete(event));
      for (const entry of entries) this.#store.insert(entry);
      return result;
    });
    for (const entry of entries) this.#tell(entry);
    return done;
  }

  #complete({ number, message, trackingId, account, target }: CaptureEvent): EventEntry {
    const { source, severity } = defineEvent(number);
    return {
      at: this.#now(),
      number,
      source,
      severity,
      message,
      ...(trackingId === undefined ? {} : { trackingId }),
      ...(account === undefined ? {} : { account }),
      ...(target === undefined ? {} : { agent: target.guid as AgentId }),
    };
  }

  #tell(entry: EventEntry): void {
    this.#writeLine(JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() }));
  }
}
