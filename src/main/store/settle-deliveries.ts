import type { Attempt, ConnectorId, Outcome } from '#shared/model/change.ts';

import type { Database } from './database.ts';

/** Tries whose details are kept; the count of all of them is kept apart. */
const loggedAttempts = 32;

/** SQL that appends one attempt, given as JSON or null, to the log and forgets the oldest beyond the limit. */
export const appendAttempt = `attempts_log = CASE
    WHEN ?1 IS NULL THEN attempts_log
    -- Most deliveries have one try.
    WHEN attempts_log = '[]' THEN '[' || ?1 || ']'
    ELSE json_insert(
    CASE WHEN json_array_length(attempts_log) < ${loggedAttempts} THEN attempts_log
      ELSE json_remove(attempts_log, '$[0]') END,
    '$[#]', json(?1)) END,
  attempts = attempts + (?1 IS NOT NULL)`;

const settle = `UPDATE delivery SET state = 'settled', sealed = NULL, outcome = ?2, event = ?3, reason = ?4,
    settled_at = ?5, verification = ?6, ${appendAttempt}
  WHERE id = ?7 AND state <> 'settled'`;

const prune = `DELETE FROM delivery WHERE id IN (
  SELECT id FROM delivery WHERE connector = ? AND state = 'settled' ORDER BY id DESC LIMIT -1 OFFSET ?)`;

/** How a delivery ends, as the table has it. */
export interface Ending {
  readonly id: number;
  readonly connector: ConnectorId;
  readonly outcome: Outcome;
  readonly event: number;
  readonly reason: string | undefined;
  readonly at: number;
  readonly verification?: string | undefined;
  readonly attempt?: Attempt | undefined;
}

/**
 * Ends one delivery within a commit: its sealed password goes, its outcome stays, and of the connector's history the
 * newest `historySize`. Returns false where it had ended before.
 */
export function settleDelivery(database: Database, ending: Ending, historySize: number): boolean {
  const changed = database.run(
    settle,
    attemptJson(ending.attempt),
    ending.outcome,
    ending.event,
    ending.reason ?? null,
    ending.at,
    ending.verification ?? null,
    ending.id,
  );
  if (changed === 0) return false;
  pruneHistory(database, ending.connector, historySize);
  return true;
}

/** Forgets what a connector's history holds beyond the newest `historySize`. */
export function pruneHistory(database: Database, connector: ConnectorId, historySize: number): void {
  database.run(prune, connector, historySize);
}

export function attemptJson(attempt: Attempt | undefined): string | null {
  return attempt === undefined ? null : JSON.stringify(attempt);
}
