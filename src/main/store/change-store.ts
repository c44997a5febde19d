import type {
  AgentId,
  Attempt,
  ConnectorId,
  DeliveryState,
  Hop,
  Outcome,
  PersonId,
  RecordedChange,
  TrackingId,
} from '#shared/model/change.ts';

import type { Database } from './database.ts';
import { nt4Name } from './delivery-row.ts';
import { splitAccount } from './split-account.ts';

export interface ChangeSummary {
  readonly trackingId: TrackingId;
  readonly sequence: number;
  /** `DOMAIN\name`. */
  readonly account: string;
  readonly sourceServer: string;
  readonly committedAt: number;
  readonly receivedAt: number;
  readonly refusal: { readonly event: number; readonly reason: string } | undefined;
}

export interface TracedDelivery {
  readonly id: number;
  readonly target: AgentId;
  readonly connector: ConnectorId;
  readonly state: DeliveryState;
  readonly outcome: Outcome | undefined;
  readonly event: number | undefined;
  readonly reason: string | undefined;
  readonly verification: string | undefined;
  readonly settledAt: number | undefined;
  readonly nextAttemptAt: number | undefined;
  /** The newest tries, oldest first. */
  readonly attempts: readonly Attempt[];
}

/** The whole life of one change, as far as the server saw it. */
export interface TracedChange extends ChangeSummary {
  readonly change: RecordedChange;
  readonly expiresAt: number;
  readonly source: ConnectorId | undefined;
  readonly person: PersonId | undefined;
  readonly hops: readonly Hop[];
  readonly deliveries: readonly TracedDelivery[];
}

/** One ended delivery in an object's or account's history. */
export interface HistoryEntry {
  readonly trackingId: TrackingId;
  readonly account: string;
  readonly target: AgentId;
  readonly connector: ConnectorId;
  readonly outcome: Outcome;
  readonly event: number;
  readonly reason: string | undefined;
  readonly verification: string | undefined;
  readonly attempts: number;
  readonly receivedAt: number;
  readonly settledAt: number;
}

interface ChangeRow {
  readonly sequence: number;
  readonly tracking_id: TrackingId;
  readonly domain: string;
  readonly account: string;
  readonly object_guid: string;
  readonly source_server: string;
  readonly captured_at: number;
  readonly committed_at: number;
  readonly version: number;
  readonly received_at: number;
  readonly expires_at: number;
  readonly source: number | null;
  readonly person: number | null;
  readonly event: number | null;
  readonly reason: string | null;
  readonly hops: string;
}

interface EndedRow {
  readonly target: AgentId;
  readonly connector: number;
  readonly outcome: Outcome;
  readonly event: number;
  readonly reason: string | null;
  readonly verification: string | null;
  readonly attempts: number;
  readonly settled_at: number;
  readonly tracking_id: TrackingId;
  readonly domain: string;
  readonly account: string;
  readonly received_at: number;
}

const endedColumns = `d.target, d.connector, d.outcome, d.event, d.reason, d.verification, d.attempts, d.settled_at,
  c.tracking_id, c.domain, c.account, c.received_at`;
/** Deliveries that a search of the history looks back over. */
const searched = 100_000;
/** Changes that one commit forgets. */
const slice = 500;

/** What became of the changes: lists, the trace of one, and histories. */
export class ChangeStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first, below sequence `before`; `account` in NT4 form or its name alone. */
  list(filter: { account?: string; before?: number; limit: number }): readonly ChangeSummary[] {
    const { domain, name } = splitAccount(filter.account);
    return this.#database
      .all<ChangeRow>(
        `SELECT * FROM change WHERE sequence < ? ${name === undefined ? '' : 'AND account = ?'}
          ${domain === undefined ? '' : 'AND domain = ? COLLATE NOCASE'} ORDER BY sequence DESC LIMIT ?`,
        filter.before ?? Number.MAX_SAFE_INTEGER,
        ...defined(name, domain),
        filter.limit,
      )
      .map(toSummary);
  }

  /** Everything about one change; undefined for an unknown tracking id. */
  trace(trackingId: TrackingId): TracedChange | undefined {
    const row = this.#database.get<ChangeRow>('SELECT * FROM change WHERE tracking_id = ?', trackingId);
    if (row === undefined) return undefined;
    return {
      ...toSummary(row),
      change: {
        trackingId: row.tracking_id,
        domain: row.domain,
        account: row.account,
        objectGuid: row.object_guid,
        sourceServer: row.source_server,
        capturedAt: row.captured_at,
        committedAt: row.committed_at,
        version: row.version,
      },
      expiresAt: row.expires_at,
      source: row.source ?? undefined,
      person: row.person ?? undefined,
      hops: JSON.parse(row.hops),
      deliveries: this.#deliveriesOf(row.sequence),
    };
  }

  /** What became of an account's changes, newest first; the account in NT4 form or its name alone. */
  historyOfAccount(account: string, limit: number): readonly HistoryEntry[] {
    const { domain, name } = splitAccount(account);
    return this.#database
      .all<EndedRow>(
        `SELECT ${endedColumns} FROM change c JOIN delivery d ON d.sequence = c.sequence
          WHERE c.account = ? ${domain === undefined ? '' : 'AND c.domain = ? COLLATE NOCASE'}
            AND d.state = 'settled' ORDER BY c.sequence DESC, d.id DESC LIMIT ?`,
        ...defined(name, domain),
        limit,
      )
      .map(toHistory);
  }

  /** Deliveries that have ended, newest first, among the last hundred thousand; `person` is part of an account. */
  ended(filter: {
    person?: string;
    target?: AgentId;
    outcome?: Outcome;
    limit: number;
  }): readonly HistoryEntry[] {
    const parts: [string, string | undefined][] = [
      ["instr(lower(c.domain || '\\' || c.account), lower(?)) > 0", filter.person],
      ['d.target = ?', filter.target],
      ['d.outcome = ?', filter.outcome],
    ];
    const used = parts.filter((part): part is [string, string] => part[1] !== undefined);
    return this.#database
      .all<EndedRow>(
        `SELECT ${endedColumns} FROM delivery d CROSS JOIN change c ON c.sequence = d.sequence
          WHERE d.id > (SELECT max(id) FROM delivery) - ${searched} AND d.state = 'settled'
            ${used.map(([condition]) => `AND ${condition}`).join(' ')} ORDER BY d.id DESC LIMIT ?`,
        ...used.map(([, value]) => value),
        filter.limit,
      )
      .map(toHistory);
  }

  /** What was written, or not, to one connector, newest first. */
  historyOfConnector(connector: ConnectorId, limit: number): readonly HistoryEntry[] {
    return this.#database
      .all<EndedRow>(
        `SELECT ${endedColumns} FROM delivery d JOIN change c ON c.sequence = d.sequence
          WHERE d.connector = ? AND d.state = 'settled' ORDER BY d.id DESC LIMIT ?`,
        connector,
        limit,
      )
      .map(toHistory);
  }

  /**
   * Forgets changes received before `before` whose deliveries have all ended, and digests as old. The newest change
   * stays, since sequences count on from it. `before` must lie further back than any domain controller redelivers.
   */
  async prune(before: number): Promise<number> {
    let count = 0;
    let from: number | undefined = 0;
    while (from !== undefined) {
      const start: number = from;
      const page = await this.#database.commit(() => this.#pruneSlice(before, start));
      count += page.count;
      from = page.last;
    }
    await this.#database.commit(() => this.#database.run('DELETE FROM digest WHERE at < ?', before));
    return count;
  }

  /** Walks up by sequence, which is order of receipt, so that no index of times is needed. */
  #pruneSlice(before: number, from: number): { count: number; last: number | undefined } {
    const rows = this.#database.all<{ sequence: number; received_at: number; kept: number }>(
      `SELECT sequence, received_at,
          sequence = (SELECT max(sequence) FROM change)
            OR EXISTS (SELECT 1 FROM delivery d WHERE d.sequence = change.sequence AND d.state <> 'settled') AS kept
        FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?`,
      from,
      slice,
    );
    const old = rows.filter((row) => row.received_at < before);
    const ended = old.filter((row) => row.kept === 0);
    for (const { sequence } of ended) this.#database.run('DELETE FROM change WHERE sequence = ?', sequence);
    return { count: ended.length, last: old.length === slice ? old.at(-1)?.sequence : undefined };
  }

  #deliveriesOf(sequence: number): TracedDelivery[] {
    interface Row extends Omit<EndedRow, 'outcome' | 'event' | 'attempts' | 'settled_at'> {
      readonly id: number;
      readonly state: DeliveryState;
      readonly outcome: Outcome | null;
      readonly event: number | null;
      readonly settled_at: number | null;
      readonly next_attempt_at: number;
      readonly attempts_log: string;
    }
    return this.#database
      .all<Row>('SELECT * FROM delivery WHERE sequence = ? ORDER BY id', sequence)
      .map((row) => ({
        id: row.id,
        target: row.target,
        connector: row.connector,
        state: row.state,
        outcome: row.outcome ?? undefined,
        event: row.event ?? undefined,
        reason: row.reason ?? undefined,
        verification: row.verification ?? undefined,
        settledAt: row.settled_at ?? undefined,
        nextAttemptAt: row.state === 'waiting' ? row.next_attempt_at : undefined,
        attempts: JSON.parse(row.attempts_log),
      }));
  }
}

function toSummary(row: ChangeRow): ChangeSummary {
  return {
    trackingId: row.tracking_id,
    sequence: row.sequence,
    account: nt4Name(row.domain, row.account),
    sourceServer: row.source_server,
    committedAt: row.committed_at,
    receivedAt: row.received_at,
    refusal: row.event === null ? undefined : { event: row.event, reason: row.reason ?? '' },
  };
}

function toHistory(row: EndedRow): HistoryEntry {
  return {
    trackingId: row.tracking_id,
    account: nt4Name(row.domain, row.account),
    target: row.target,
    connector: row.connector,
    outcome: row.outcome,
    event: row.event,
    reason: row.reason ?? undefined,
    verification: row.verification ?? undefined,
    attempts: row.attempts,
    receivedAt: row.received_at,
    settledAt: row.settled_at,
  };
}

function defined(...values: readonly (string | undefined)[]): string[] {
  return values.filter((value) => value !== undefined);
}
