import type {
  Acceptance,
  AcceptedChange,
  Delivery,
  ExpiredDelivery,
  Predecessor,
  Queue,
  Settlement,
} from '#engine/queue.ts';
import type {
  AgentId,
  Attempt,
  ChangeStamp,
  ConnectorId,
  Outcome,
  TrackingId,
} from '#shared/model/change.ts';

import { acceptChange } from './accept-change.ts';
import type { Database } from './database.ts';
import { type DeliveryRow, deliveryColumns, nt4Name, toDelivery } from './delivery-row.ts';
import { appendAttempt, attemptJson, settleDelivery } from './settle-deliveries.ts';
import { saveOutgoingStamp } from './stamp-table.ts';

/** Deliveries ended or changed in one commit, so that a long list does not hold the event loop. */
const slice = 500;
/** The longest damping window, milliseconds. */
const digestLife = 86_400_000;

type ExpiredRow = Pick<DeliveryRow, 'id' | 'target' | 'tracking_id' | 'domain' | 'account' | 'received_at'>;

export interface QueueStoreOptions {
  /** Settled deliveries kept for each connector, read at each settling. */
  readonly historySize: () => number;
  /** Event numbers of the endings that the queue itself brings about. */
  readonly events: { readonly superseded: number; readonly expired: number; readonly cancelled: number };
}

/** The durable queue in SQLite. */
export class QueueStore implements Queue {
  readonly #database: Database;
  readonly #options: QueueStoreOptions;

  constructor(database: Database, options: QueueStoreOptions) {
    this.#database = database;
    this.#options = options;
  }

  lastSequence(): number {
    return (
      this.#database.get<{ last: number }>('SELECT ifnull(max(sequence), 0) AS last FROM change')?.last ?? 0
    );
  }

  isKnown(trackingId: TrackingId): boolean {
    return this.#database.get('SELECT 1 FROM change WHERE tracking_id = ?', trackingId) !== undefined;
  }

  countAccepted(agent: AgentId, partition: string, since: number): number {
    const row = this.#database.get<{ count: number }>(
      `SELECT count(*) AS count FROM change
        WHERE origin_agent = ? AND origin_partition = ? AND received_at >= ? AND event IS NULL`,
      agent,
      partition,
      since,
    );
    return row?.count ?? 0;
  }

  accept(accepted: AcceptedChange): Promise<Acceptance> {
    const rules = { historySize: this.#options.historySize(), superseded: this.#options.events.superseded };
    return this.#database.commit(() => acceptChange(this.#database, accepted, rules));
  }

  due(target: AgentId, now: number, limit: number, busy: ReadonlySet<ConnectorId>): readonly Delivery[] {
    const found: Delivery[] = [];
    // From the index alone: what the busy ones skip costs no row. No LIMIT: SQLite plans anew for each value of it.
    const line = this.#database.iterate<{ id: number; connector: number }>(
      `SELECT id, connector FROM delivery INDEXED BY delivery_due
        WHERE target = ? AND state = 'waiting' AND next_attempt_at <= ?
        ORDER BY next_attempt_at, sequence`,
      target,
      now,
    );
    for (const { id, connector } of line) {
      if (busy.has(connector)) continue;
      const delivery = this.#find(id);
      if (delivery !== undefined && found.push(delivery) >= limit) break;
    }
    return found;
  }

  nextDueAt(target: AgentId, after: number): number | undefined {
    return this.#database.get<{ next_attempt_at: number }>(
      `SELECT next_attempt_at FROM delivery INDEXED BY delivery_due
        WHERE target = ? AND state = 'waiting' AND next_attempt_at > ? ORDER BY next_attempt_at LIMIT 1`,
      target,
      after,
    )?.next_attempt_at;
  }

  settle(delivery: Delivery, settlement: Settlement): Promise<boolean> {
    // Nobody waits for it: at worst the password is set once more after a crash, as it would be anyway.
    return this.#database.commitAtLeisure(() => {
      const { id, connector, stamp } = delivery;
      const { outcome, event, at, reason, verification, attempt } = settlement;
      const ending = { id, connector, outcome, event, at, reason, verification, attempt };
      if (!settleDelivery(this.#database, ending, this.#options.historySize())) return false;
      if (outcome === 'delivered') saveOutgoingStamp(this.#database, connector, stamp);
      return true;
    });
  }

  async postpone(delivery: Delivery, attempt: Attempt, nextAttemptAt: number): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run(
        `UPDATE delivery SET ${appendAttempt}, next_attempt_at = ?2 WHERE id = ?3 AND state = 'waiting'`,
        attemptJson(attempt),
        nextAttemptAt,
        delivery.id,
      ),
    );
  }

  async park(delivery: Delivery, attempt: Attempt | undefined, event: number, reason: string): Promise<void> {
    await this.#database.commit(() =>
      this.#database.run(
        `UPDATE delivery SET ${appendAttempt}, state = 'parked', event = ?2, reason = ?3
          WHERE id = ?4 AND state = 'waiting'`,
        attemptJson(attempt),
        event,
        reason,
        delivery.id,
      ),
    );
  }

  openStamp(connector: ConnectorId): ChangeStamp | undefined {
    return this.#database.get<{ committedAt: number; version: number }>(
      `SELECT committed_at AS committedAt, version FROM delivery d JOIN change c ON c.sequence = d.sequence
        WHERE d.connector = ? AND d.state <> 'settled'`,
      connector,
    );
  }

  predecessor(connector: ConnectorId, sequence: number): Predecessor | undefined {
    // By the log, not the count: releasing sets that back, and an earlier try may have written.
    return this.#database.get<{ sequence: number; outcome: Outcome; settledAt: number }>(
      `SELECT sequence, outcome, settled_at AS settledAt FROM delivery
        WHERE connector = ? AND state = 'settled' AND sequence < ?
          AND (outcome NOT IN ('refused', 'shadowed') OR json_array_length(attempts_log) > (outcome = 'refused'))
        ORDER BY id DESC LIMIT 1`,
      connector,
      sequence,
    );
  }

  nextExpiryAt(): number | undefined {
    return this.#database.get<{ expires_at: number }>(
      `SELECT expires_at FROM delivery INDEXED BY delivery_expiry
        WHERE state <> 'settled' ORDER BY expires_at LIMIT 1`,
    )?.expires_at;
  }

  expire(now: number, limit: number): Promise<readonly ExpiredDelivery[]> {
    return this.#database.commit(() => {
      const rows = this.#database.all<ExpiredRow>(
        `SELECT d.id, d.target, c.tracking_id, c.domain, c.account, c.received_at
          FROM delivery d INDEXED BY delivery_expiry CROSS JOIN change c ON c.sequence = d.sequence
          WHERE d.state <> 'settled' AND d.expires_at <= ? ORDER BY d.expires_at LIMIT ?`,
        now,
        limit,
      );
      const { expired } = this.#options.events;
      for (const { id } of rows) this.#end(id, 'expired', expired, 'Waited longer than allowed', now);
      return rows.map((row) => ({
        id: row.id,
        trackingId: row.tracking_id,
        account: nt4Name(row.domain, row.account),
        target: row.target,
        receivedAt: row.received_at,
      }));
    });
  }

  release(ids: readonly number[], now: number): Promise<number> {
    // Back to its old place in the line, which is long due.
    return this.#inSlices(ids, (id) =>
      this.#database.run(
        `UPDATE delivery SET state = 'waiting', attempts = 0, event = NULL, reason = NULL,
            next_attempt_at = min(?, (SELECT received_at FROM change WHERE change.sequence = delivery.sequence))
          WHERE id = ? AND state <> 'settled'`,
        now,
        id,
      ),
    );
  }

  setAside(ids: readonly number[], event: number, reason: string): Promise<number> {
    return this.#inSlices(ids, (id) =>
      this.#database.run(
        "UPDATE delivery SET state = 'parked', event = ?, reason = ? WHERE id = ? AND state = 'waiting'",
        event,
        reason,
        id,
      ),
    );
  }

  cancel(ids: readonly number[], reason: string, now: number): Promise<number> {
    const { cancelled } = this.#options.events;
    return this.#inSlices(ids, (id) => this.#end(id, 'cancelled', cancelled, reason, now));
  }

  async purge(target: AgentId | undefined, reason: string, now: number): Promise<number> {
    const rows = this.#database.all<{ id: number }>(
      "SELECT id FROM delivery WHERE state <> 'settled' AND (?1 IS NULL OR target = ?1)",
      target ?? null,
    );
    return await this.cancel(
      rows.map((row) => row.id),
      reason,
      now,
    );
  }

  recentDigests(connector: ConnectorId, since: number): readonly Uint8Array[] {
    return this.#database
      .all<{ digest: Uint8Array }>(
        'SELECT digest FROM digest WHERE connector = ? AND at >= ? ORDER BY at DESC',
        connector,
        since,
      )
      .map((row) => row.digest);
  }

  async rememberDigest(connector: ConnectorId, digest: Uint8Array, at: number): Promise<void> {
    await this.#database.commit(() => {
      this.#database.run('DELETE FROM digest WHERE connector = ? AND at < ?', connector, at - digestLife);
      this.#database.run('INSERT OR IGNORE INTO digest VALUES (?, ?, ?)', connector, at, digest);
    });
  }

  #find(id: number): Delivery | undefined {
    const row = this.#database.get<DeliveryRow>(
      `SELECT ${deliveryColumns} FROM delivery d JOIN change c ON c.sequence = d.sequence WHERE d.id = ?`,
      id,
    );
    return row === undefined ? undefined : toDelivery(row);
  }

  /** Ends a delivery from within a commit; returns how many ended, 0 or 1. */
  #end(id: number, outcome: 'expired' | 'cancelled', event: number, reason: string, at: number): number {
    const row = this.#database.get<{ connector: number }>('SELECT connector FROM delivery WHERE id = ?', id);
    if (row === undefined) return 0;
    const ending = { id, connector: row.connector, outcome, event, reason, at };
    return settleDelivery(this.#database, ending, this.#options.historySize()) ? 1 : 0;
  }

  async #inSlices(ids: readonly number[], change: (id: number) => number): Promise<number> {
    let count = 0;
    for (let start = 0; start < ids.length; start += slice) {
      const some = ids.slice(start, start + slice);
      count += await this.#database.commit(() => some.reduce((sum, id) => sum + change(id), 0));
    }
    return count;
  }
}
