import type { AgentId, Attempt, Outcome, TrackingId } from '#shared/model/change.ts';
import type { Database } from './database.ts';
import { nt4Name } from './delivery-row.ts';
import { splitAccount } from './split-account.ts';

export interface QueueFilter {
  readonly state?: 'waiting' | 'parked' | undefined;
  readonly target?: AgentId | undefined;
  /** NT4 name, or the account's name alone. */
  readonly account?: string | undefined;
  /** Goes on behind this delivery. */
  readonly after: number;
  readonly limit: number;
}

export interface QueueEntry {
  readonly id: number;
  readonly trackingId: TrackingId;
  readonly sequence: number;
  readonly account: string;
  readonly target: AgentId;
  readonly state: 'waiting' | 'parked';
  readonly attempts: number;
  readonly receivedAt: number;
  readonly nextAttemptAt: number | undefined;
  readonly expiresAt: number;
  readonly last: Attempt | undefined;
  /** Why it is parked. */
  readonly parked: { readonly event: number; readonly reason: string } | undefined;
}

export interface QueuePage {
  readonly rows: readonly QueueEntry[];
  /** How many the filter finds in all. */
  readonly total: number;
  /** Where the next page goes on; undefined on the last. */
  readonly next: number | undefined;
}

export interface Depth {
  readonly target: AgentId;
  readonly waiting: number;
  readonly parked: number;
  /** When the oldest waiting or parked change was received. */
  readonly oldestReceivedAt: number | undefined;
}

export interface Tally {
  readonly target: AgentId;
  readonly outcome: Outcome;
  readonly count: number;
}

interface Row {
  readonly id: number;
  readonly sequence: number;
  readonly target: AgentId;
  readonly state: 'waiting' | 'parked';
  readonly attempts: number;
  readonly next_attempt_at: number;
  readonly expires_at: number;
  readonly event: number | null;
  readonly reason: string | null;
  readonly last: string | null;
  readonly tracking_id: TrackingId;
  readonly domain: string;
  readonly account: string;
  readonly received_at: number;
}

/** All targets together. */
export function totalDepth(depths: readonly Depth[]): Pick<Depth, 'waiting' | 'parked'> {
  return depths.reduce(
    (sum, { waiting, parked }) => ({ waiting: sum.waiting + waiting, parked: sum.parked + parked }),
    { waiting: 0, parked: 0 },
  );
}

/** What stands in the queue, for screens, command line and metrics. */
export class QueueView {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A page of open deliveries in the order in which they came. */
  list(filter: QueueFilter): QueuePage {
    const { where, values } = conditions(filter);
    const rows = this.#database.all<Row>(
      `SELECT d.id, d.sequence, d.target, d.state, d.attempts, d.next_attempt_at, d.expires_at, d.event, d.reason,
          d.attempts_log ->> '$[#-1]' AS last, c.tracking_id, c.domain, c.account, c.received_at
        FROM delivery d INDEXED BY delivery_open CROSS JOIN change c ON c.sequence = d.sequence
        WHERE ${where} AND d.id > ? ORDER BY d.id LIMIT ?`,
      ...values,
      filter.after,
      filter.limit + 1,
    );
    const shown = rows.slice(0, filter.limit);
    return {
      rows: shown.map(toEntry),
      total: this.#total(filter),
      next: rows.length > filter.limit ? shown.at(-1)?.id : undefined,
    };
  }

  /** How deep and how old each target's queue is; targets that never had a delivery are absent. */
  depths(): readonly Depth[] {
    interface DepthRow {
      readonly target: AgentId;
      readonly waiting: number;
      readonly parked: number;
      readonly oldest: number | null;
    }
    const oldest = (state: string) =>
      `(SELECT min(sequence) FROM delivery INDEXED BY delivery_oldest
        WHERE state <> 'settled' AND target = t.target AND state = '${state}')`;
    return this.#database
      .all<DepthRow>(
        `SELECT target, waiting, parked, (SELECT received_at FROM change
            WHERE sequence = min(ifnull(${oldest('waiting')}, 1e18), ifnull(${oldest('parked')}, 1e18))) AS oldest
          FROM (SELECT target, ifnull(sum(count) FILTER (WHERE state = 'waiting'), 0) AS waiting,
              ifnull(sum(count) FILTER (WHERE state = 'parked'), 0) AS parked FROM depth GROUP BY target) t`,
      )
      .map(({ oldest, ...row }) => ({ ...row, oldestReceivedAt: oldest ?? undefined }));
  }

  /** How often each outcome was reached on each target since the database was made. */
  tallies(): readonly Tally[] {
    return this.#database.all<Tally & Record<string, never>>('SELECT target, outcome, count FROM tally');
  }

  #total(filter: QueueFilter): number {
    if (filter.account === undefined) {
      return this.depths()
        .filter((depth) => filter.target === undefined || depth.target === filter.target)
        .reduce((sum, depth) => {
          const waiting = filter.state === 'parked' ? 0 : depth.waiting;
          const parked = filter.state === 'waiting' ? 0 : depth.parked;
          return sum + waiting + parked;
        }, 0);
    }
    const { where, values } = conditions(filter);
    const row = this.#database.get<{ count: number }>(
      `SELECT count(*) AS count FROM change c JOIN delivery d ON d.sequence = c.sequence WHERE ${where}`,
      ...values,
    );
    return row?.count ?? 0;
  }
}

function conditions(filter: QueueFilter): { where: string; values: string[] } {
  const { domain, name } = splitAccount(filter.account);
  const parts: [string, string | undefined][] = [
    ['d.state = ?', filter.state],
    ['d.target = ?', filter.target],
    ['c.account = ?', name],
    ['c.domain = ? COLLATE NOCASE', domain],
  ];
  const used = parts.filter((part): part is [string, string] => part[1] !== undefined);
  return {
    where: ["d.state <> 'settled'", ...used.map(([condition]) => condition)].join(' AND '),
    values: used.map(([, value]) => value),
  };
}

function toEntry(row: Row): QueueEntry {
  return {
    id: row.id,
    trackingId: row.tracking_id,
    sequence: row.sequence,
    account: nt4Name(row.domain, row.account),
    target: row.target,
    state: row.state,
    attempts: row.attempts,
    receivedAt: row.received_at,
    nextAttemptAt: row.state === 'waiting' ? row.next_attempt_at : undefined,
    expiresAt: row.expires_at,
    last: row.last === null ? undefined : JSON.parse(row.last),
    parked: row.event === null ? undefined : { event: row.event, reason: row.reason ?? '' },
  };
}
