import type { ChangeStamp, TrackingId } from '#shared/model/change.ts';
import type { Database } from '#store/database.ts';

import type { Baseline, HeldChange } from './commit-decision.ts';
import type { CaptureEvent, CaptureLog } from './event-log.ts';
import { recordVersion } from './password-ledger.ts';

/** A change between the hook and the proof that the directory took it. */
export interface HeldRow extends HeldChange {
  readonly sequence: number;
  readonly trackingId: TrackingId;
  /** sAMAccountName as the hook named it; the sealed password is bound to it. */
  readonly hookAccount: string;
  readonly sealed: Uint8Array;
}

/** Where a committed change goes: each target with how its delivery begins. */
export interface Admission extends ChangeStamp {
  readonly account: string;
  readonly objectGuid: string;
  /** When the directory showed it, milliseconds since 1970 UTC. */
  readonly queuedAt: number;
  readonly targets: readonly { readonly guid: string; readonly state: 'waiting' | 'blocked' }[];
}

/** A delivery that is not made any more, named for its event. */
export interface DroppedDelivery {
  readonly target: string;
  readonly sequence: number;
  readonly trackingId: TrackingId;
  readonly account: string;
}

export interface Admitted {
  /** Older deliveries whose place this change takes. */
  readonly superseded: readonly DroppedDelivery[];
  /** The oldest deliveries, lost to the limit of the queue. */
  readonly overflow: readonly DroppedDelivery[];
}

interface HeldColumns {
  readonly sequence: number;
  readonly tracking_id: string;
  readonly hook_account: string;
  readonly captured_at: number;
  readonly baseline_kind: Baseline['kind'];
  readonly baseline_version: number | null;
  readonly sealed: Uint8Array;
}

/**
 * What a domain controller captured and still owes. A promise resolves when the write is on disk, and with it the
 * events that tell of it: no change goes without its record. Per person and target one delivery waits, the newest:
 * admitting a change removes the older ones.
 */
export class CaptureQueue {
  readonly #database: Database;
  readonly #log: Pick<CaptureLog, 'commit'>;
  #lastSequence: number;

  constructor(database: Database, log: Pick<CaptureLog, 'commit'>) {
    this.#database = database;
    this.#log = log;
    const counter = database.get<{ value: number }>("SELECT value FROM counter WHERE name = 'sequence'");
    this.#lastSequence = counter?.value ?? 0;
  }

  /** Orders the changes of this domain controller; given out before sealing, which binds to it. */
  nextSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  hold(row: HeldRow): Promise<void> {
    return this.#database.commit(() => {
      this.#database.run(
        `INSERT INTO change (sequence, tracking_id, hook_account, captured_at, baseline_kind, baseline_version,
           state, sealed) VALUES (?, ?, ?, ?, ?, ?, 'held', ?)`,
        row.sequence,
        row.trackingId,
        row.hookAccount,
        row.capturedAt,
        row.baseline.kind,
        row.baseline.version ?? null,
        row.sealed,
      );
      this.#database.run(
        `INSERT INTO counter VALUES ('sequence', ?1) ON CONFLICT DO UPDATE SET value = max(value, ?1)`,
        row.sequence,
      );
    });
  }

  /** Changes that a stopped process left undecided, oldest first. */
  held(): readonly HeldRow[] {
    return this.#database
      .all<HeldColumns>("SELECT * FROM change WHERE state = 'held' ORDER BY sequence")
      .map((row) => ({
        sequence: row.sequence,
        trackingId: row.tracking_id as TrackingId,
        hookAccount: row.hook_account,
        capturedAt: row.captured_at,
        baseline:
          row.baseline_kind === 'exact'
            ? { kind: 'exact', version: row.baseline_version ?? 0 }
            : { kind: 'remembered', version: row.baseline_version ?? undefined },
        sealed: row.sealed,
      }));
  }

  /** Forgets a change, with its password, and accounts for the version that it was, if it was one. */
  discard(
    sequence: number,
    events: readonly CaptureEvent[] = [],
    seen?: { readonly guid: string; readonly version: number },
  ): Promise<void> {
    return this.#log.commit(
      () => {
        this.#database.run('DELETE FROM change WHERE sequence = ?', sequence);
        if (seen !== undefined) recordVersion(this.#database, seen.guid, seen.version);
      },
      () => events,
    );
  }

  /** Queues a held change for its targets and accounts for its version. `maximumLength` 0 is unlimited. */
  admit(
    sequence: number,
    admission: Admission,
    maximumLength: number,
    describe: (admitted: Admitted) => readonly CaptureEvent[],
  ): Promise<Admitted> {
    const database = this.#database;
    return this.#log.commit(() => {
      recordVersion(database, admission.objectGuid, admission.version);
      database.run(
        `UPDATE change SET state = 'queued', account = ?, object_guid = ?, committed_at = ?, version = ?, queued_at = ?
         WHERE sequence = ?`,
        admission.account,
        admission.objectGuid,
        admission.committedAt,
        admission.version,
        admission.queuedAt,
        sequence,
      );
      const superseded: DroppedDelivery[] = [];
      for (const { guid, state } of admission.targets) {
        const older = 'd.target = ? AND d.object_guid = ? AND d.sequence < ?';
        superseded.push(...this.#drop(older, [guid, admission.objectGuid, sequence]));
        database.run(
          'INSERT INTO delivery (target, sequence, object_guid, state, next_attempt_at) VALUES (?, ?, ?, ?, 0)',
          guid,
          sequence,
          admission.objectGuid,
          state,
        );
      }
      if (admission.targets.length === 0) forgetFinished(database, sequence);
      return { superseded, overflow: maximumLength === 0 ? [] : this.#shorten(maximumLength) };
    }, describe);
  }

  /** Drops what was captured before `before`. */
  expire(before: number, describe: (dropped: DroppedDelivery) => CaptureEvent): Promise<unknown> {
    return this.#log.commit(
      () => this.#drop('c.captured_at < ?', [before]),
      (dropped) => dropped.map(describe),
    );
  }

  /** Throws away everything that waits for targets other than `targets`. */
  keepOnly(
    targets: readonly string[],
    describe: (dropped: DroppedDelivery) => CaptureEvent,
  ): Promise<unknown> {
    const places = targets.map(() => '?').join(', ');
    return this.#log.commit(
      () => this.#drop(`d.target NOT IN (${places})`, [...targets]),
      (dropped) => dropped.map(describe),
    );
  }

  #shorten(maximumLength: number): readonly DroppedDelivery[] {
    const newest = this.#database.get<{ sequence: number }>(
      "SELECT sequence FROM change WHERE state = 'queued' ORDER BY sequence DESC LIMIT 1 OFFSET ?",
      maximumLength,
    );
    return newest === undefined ? [] : this.#drop('d.sequence <= ?', [newest.sequence]);
  }

  #drop(where: string, values: readonly (string | number)[]): readonly DroppedDelivery[] {
    const gone = this.#database.all<{ [K in keyof DroppedDelivery]: DroppedDelivery[K] }>(
      `SELECT d.target, d.sequence, c.tracking_id AS trackingId, c.account
       FROM delivery d JOIN change c USING (sequence) WHERE ${where} ORDER BY d.sequence`,
      ...values,
    );
    for (const { target, sequence } of gone) {
      this.#database.run('DELETE FROM delivery WHERE target = ? AND sequence = ?', target, sequence);
      forgetFinished(this.#database, sequence);
    }
    return gone;
  }
}

/** Removes a change, and with it the sealed password, once no delivery needs it. */
export function forgetFinished(database: Database, sequence: number): boolean {
  const removed = database.run(
    `DELETE FROM change WHERE sequence = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE sequence = ?1)`,
    sequence,
  );
  return removed > 0;
}
