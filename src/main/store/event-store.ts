import type { EngineEvent } from '#engine/event-sink.ts';
import type { EventSeverity, EventSource } from '#shared/events/event-definition.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';

import type { Database } from './database.ts';

/** Events that the log holds before the oldest make room. */
const defaultCapacity = 100_000;

/** An event as the log takes it: what the engine said, and what the catalogue says about its number. */
export interface EventEntry extends EngineEvent {
  readonly source: EventSource;
  readonly severity: EventSeverity;
}

export interface StoredEvent extends EventEntry {
  readonly id: number;
}

export interface EventFilter {
  readonly number?: number | undefined;
  readonly severity?: EventSeverity | undefined;
  readonly trackingId?: TrackingId | undefined;
  readonly account?: string | undefined;
  readonly agent?: AgentId | undefined;
  /** Only events older than this one. */
  readonly before?: number | undefined;
  /** Only events newer than this one. */
  readonly after?: number | undefined;
  readonly limit: number;
}

interface Row {
  readonly id: number;
  readonly at: number;
  readonly number: number;
  readonly source: EventSource;
  readonly severity: EventSeverity;
  readonly message: string;
  readonly tracking_id: TrackingId | null;
  readonly account: string | null;
  readonly agent: AgentId | null;
}

/** The event log: a ring of the newest entries. */
export class EventStore {
  readonly #database: Database;
  readonly #capacity: number;

  constructor(database: Database, capacity = defaultCapacity) {
    this.#database = database;
    this.#capacity = capacity;
  }

  /** Resolves with the stored event once it is on disk. */
  append(entry: EventEntry): Promise<StoredEvent> {
    return this.#database.commitAtLeisure(() => this.insert(entry));
  }

  /** Stores what `take` gives at the moment when the commit begins, so that events of a busy second share one. */
  appendAll(take: () => readonly EventEntry[]): Promise<readonly StoredEvent[]> {
    return this.#database.commitAtLeisure(() => {
      const stored = take().map((entry) => this.#add(entry));
      this.#makeRoom(stored.at(-1)?.id);
      return stored;
    });
  }

  /** Stores an event within a commit of somebody else's, to be on disk with what it tells of. */
  insert(entry: EventEntry): StoredEvent {
    const stored = this.#add(entry);
    this.#makeRoom(stored.id);
    return stored;
  }

  /** Events that the log holds. */
  count(): number {
    return this.#database.get<{ count: number }>('SELECT count(*) AS count FROM event')?.count ?? 0;
  }

  /** Newest first. */
  list(filter: EventFilter): readonly StoredEvent[] {
    const parts: [string, string | number | undefined][] = [
      ['number = ?', filter.number],
      ['severity = ?', filter.severity],
      ['tracking_id = ?', filter.trackingId],
      ['account = ?', filter.account],
      ['agent = ?', filter.agent],
      ['id < ?', filter.before],
      ['id > ?', filter.after],
    ];
    const used = parts.filter((part): part is [string, string | number] => part[1] !== undefined);
    return this.#database
      .all<Row>(
        `SELECT * FROM event WHERE ${['1', ...used.map(([condition]) => condition)].join(' AND ')}
          ORDER BY id DESC LIMIT ?`,
        ...used.map(([, value]) => value),
        filter.limit,
      )
      .map(toEvent);
  }

  /** Forgets events from before `before`; returns how many. The newest stays: its number is never given again. */
  prune(before: number): Promise<number> {
    return this.#database.commit(() =>
      this.#database.run(
        `DELETE FROM event WHERE id < ifnull((SELECT id FROM event WHERE at >= ? ORDER BY id LIMIT 1),
          (SELECT max(id) FROM event))`,
        before,
      ),
    );
  }

  #add(entry: EventEntry): StoredEvent {
    const id = this.#database.insert(
      `INSERT INTO event (at, number, source, severity, message, tracking_id, account, agent)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.at,
      entry.number,
      entry.source,
      entry.severity,
      entry.message,
      entry.trackingId ?? null,
      entry.account ?? null,
      entry.agent ?? null,
    );
    return { ...entry, id };
  }

  /** The ring holds its capacity of events up to `newest`. */
  #makeRoom(newest = 0): void {
    this.#database.run('DELETE FROM event WHERE id <= ?', newest - this.#capacity);
  }
}

function toEvent(row: Row): StoredEvent {
  return {
    id: row.id,
    at: row.at,
    number: row.number,
    source: row.source,
    severity: row.severity,
    message: row.message,
    ...(row.tracking_id === null ? {} : { trackingId: row.tracking_id }),
    ...(row.account === null ? {} : { account: row.account }),
    ...(row.agent === null ? {} : { agent: row.agent }),
  };
}
