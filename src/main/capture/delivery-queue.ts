import type { ChangeStamp } from '#shared/model/change.ts';
import type { Database } from '#store/database.ts';

import { type DroppedDelivery, forgetFinished } from './capture-queue.ts';
import type { CaptureEvent, CaptureLog } from './event-log.ts';

/** A committed change that waits for one target. */
export interface WaitingDelivery extends ChangeStamp, DroppedDelivery {
  /** sAMAccountName as the hook named it; the sealed password is bound to it. */
  readonly hookAccount: string;
  readonly objectGuid: string;
  readonly capturedAt: number;
  readonly queuedAt: number;
  readonly sealed: Uint8Array;
  readonly attempts: number;
}

export type BlockedDelivery = DroppedDelivery & { readonly objectGuid: string };

export interface QueueCounts {
  readonly waiting: number;
  readonly blocked: number;
  /** Capture time of the oldest, milliseconds since 1970 UTC; undefined for an empty queue. */
  readonly oldest: number | undefined;
}

const deliveryColumns = `d.target, d.sequence, d.attempts, d.object_guid AS objectGuid,
  c.tracking_id AS trackingId, c.account, c.hook_account AS hookAccount, c.captured_at AS capturedAt, c.queued_at AS queuedAt,
  c.committed_at AS committedAt, c.version, c.sealed`;

/** The queue as one target's lane sees it. A promise resolves when the write is on disk. */
export class DeliveryQueue {
  readonly #database: Database;
  readonly #log: Pick<CaptureLog, 'commit'>;
  readonly #target: string;

  constructor(database: Database, log: Pick<CaptureLog, 'commit'>, target: string) {
    this.#database = database;
    this.#log = log;
    this.#target = target;
  }

  /** The next deliveries that are due, oldest first, none of a person in `busy`. */
  due(now: number, limit: number, busy: ReadonlySet<string>): readonly WaitingDelivery[] {
    // The plus signs keep SQLite on the primary key, whose order is the order wanted: the first rows will do.
    const rows = this.#database.all<{ [K in keyof WaitingDelivery]: WaitingDelivery[K] }>(
      `SELECT ${deliveryColumns} FROM delivery d JOIN change c USING (sequence)
       WHERE d.target = ? AND +d.state = 'waiting' AND +d.next_attempt_at <= ?
       ORDER BY d.sequence LIMIT ?`,
      this.#target,
      now,
      // One delivery waits per person, so that no more rows than are busy can be in the way.
      limit + busy.size,
    );
    return rows.filter((row) => !busy.has(row.objectGuid)).slice(0, limit);
  }

  /** When the next waiting delivery falls due; undefined where none waits. */
  nextDueAt(): number | undefined {
    const row = this.#database.get<{ at: number | null }>(
      "SELECT min(next_attempt_at) AS at FROM delivery WHERE target = ? AND state = 'waiting'",
      this.#target,
    );
    return row?.at ?? undefined;
  }

  /**
   * Ends a delivery; with its change's last one the password goes. `describe` tells of it, given whether it was the
   * last, unless the delivery had ended before.
   */
  async finish(sequence: number, describe: (isLast: boolean) => readonly CaptureEvent[]): Promise<void> {
    await this.#log.commit(
      () => {
        const ended = this.#database.run(
          'DELETE FROM delivery WHERE target = ? AND sequence = ?',
          this.#target,
          sequence,
        );
        return ended > 0 ? forgetFinished(this.#database, sequence) : undefined;
      },
      (isLast) => (isLast === undefined ? [] : describe(isLast)),
    );
  }

  /** Counts a failed try and waits until `nextAttemptAt`. */
  postpone(sequence: number, nextAttemptAt: number): Promise<void> {
    return this.#database.commit(() => {
      this.#database.run(
        'UPDATE delivery SET attempts = attempts + 1, next_attempt_at = ? WHERE target = ? AND sequence = ?',
        nextAttemptAt,
        this.#target,
        sequence,
      );
    });
  }

  /** Makes everything that waits due at once. */
  hasten(): Promise<void> {
    return this.#database.commit(() => {
      this.#database.run('UPDATE delivery SET next_attempt_at = 0 WHERE target = ?', this.#target);
    });
  }

  blocked(): readonly BlockedDelivery[] {
    return this.#database.all<{ [K in keyof BlockedDelivery]: BlockedDelivery[K] }>(
      `SELECT d.target, d.sequence, c.tracking_id AS trackingId, c.account, d.object_guid AS objectGuid
       FROM delivery d JOIN change c USING (sequence)
       WHERE d.target = ? AND d.state = 'blocked' ORDER BY d.sequence`,
      this.#target,
    );
  }

  unblock(sequence: number): Promise<void> {
    return this.#database.commit(() => {
      this.#database.run(
        "UPDATE delivery SET state = 'waiting' WHERE target = ? AND sequence = ?",
        this.#target,
        sequence,
      );
    });
  }

  counts(): QueueCounts {
    const row = this.#database.get<{ waiting: number | null; blocked: number | null; first: number | null }>(
      `SELECT sum(state = 'waiting') AS waiting, sum(state = 'blocked') AS blocked, min(sequence) AS first
       FROM delivery WHERE target = ?`,
      this.#target,
    );
    const oldest =
      row?.first === null || row === undefined
        ? undefined
        : this.#database.get<{ at: number }>(
            'SELECT captured_at AS at FROM change WHERE sequence = ?',
            row.first,
          );
    return { waiting: row?.waiting ?? 0, blocked: row?.blocked ?? 0, oldest: oldest?.at };
  }
}
