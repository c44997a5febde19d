import type { Acceptance, AcceptedChange, Delivery, NewDelivery, SupersededDelivery } from '#engine/queue.ts';
import type { ConnectorId } from '#shared/model/change.ts';

import type { Database } from './database.ts';
import { type DeliveryRow, nt4Name } from './delivery-row.ts';
import { pruneHistory, settleDelivery } from './settle-deliveries.ts';
import { saveIncomingStamp } from './stamp-table.ts';

export interface AcceptRules {
  /** Settled deliveries kept for each connector. */
  readonly historySize: number;
  /** Event number of a delivery that a newer change replaced. */
  readonly superseded: number;
}

type SettledDelivery = Extract<NewDelivery, { state: 'settled' }>;

/**
 * Writes a change and its deliveries within a commit, and ends what they supersede. A change that is known already
 * changes nothing.
 */
export function acceptChange(database: Database, accepted: AcceptedChange, rules: AcceptRules): Acceptance {
  const { change, sequence, source } = accepted;
  if (database.get('SELECT 1 FROM change WHERE tracking_id = ?', change.trackingId) !== undefined)
    return { waiting: [], superseded: [] };
  const isLate = database.get('SELECT 1 FROM change WHERE sequence > ? LIMIT 1', sequence) !== undefined;
  insertChange(database, accepted);
  if (source !== undefined) saveIncomingStamp(database, source, change);
  const waiting: Delivery[] = [];
  const superseded: SupersededDelivery[] = [];
  for (const delivery of accepted.deliveries) {
    if (delivery.state === 'settled') {
      // What waits there is not the person's password any more, though the newer one was refused.
      if (delivery.outcome === 'refused' && !isLate)
        superseded.push(...supersede(database, accepted, delivery.connector, rules));
      insertSettled(database, accepted, delivery, rules.historySize);
    } else if (isLate && hasNewer(database, delivery.connector, sequence)) {
      const reason = 'A newer change came first';
      const ended = {
        ...delivery,
        state: 'settled',
        outcome: 'superseded',
        event: rules.superseded,
        reason,
      } as const;
      insertSettled(database, accepted, ended, rules.historySize);
      const account = nt4Name(change.domain, change.account);
      superseded.push({ trackingId: change.trackingId, account, target: delivery.target });
    } else {
      superseded.push(...supersede(database, accepted, delivery.connector, rules));
      waiting.push(insertWaiting(database, accepted, delivery));
    }
  }
  return { waiting, superseded };
}

function insertChange(database: Database, { change, ...accepted }: AcceptedChange): void {
  database.run(
    `INSERT INTO change (sequence, tracking_id, domain, account, object_guid, source_server, captured_at,
        committed_at, version, received_at, expires_at, origin_agent, origin_partition, source, person, event,
        reason, hops)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    accepted.sequence,
    change.trackingId,
    change.domain,
    change.account,
    change.objectGuid,
    change.sourceServer,
    change.capturedAt,
    change.committedAt,
    change.version,
    accepted.receivedAt,
    accepted.expiresAt,
    accepted.origin?.agent ?? null,
    accepted.origin?.partition ?? null,
    accepted.source ?? null,
    accepted.person ?? null,
    accepted.refusal?.event ?? null,
    accepted.refusal?.reason ?? null,
    JSON.stringify(accepted.hops),
  );
}

function insertWaiting(
  database: Database,
  accepted: AcceptedChange,
  { target, connector, sealed }: Extract<NewDelivery, { state: 'waiting' }>,
): Delivery {
  const { change, sequence, receivedAt, expiresAt, person } = accepted;
  if (person === undefined) throw new Error('A delivery without a person');
  const id = database.insert(
    `INSERT INTO delivery (sequence, target, connector, state, sealed, next_attempt_at, expires_at)
      VALUES (?, ?, ?, 'waiting', ?, ?, ?)`,
    sequence,
    target,
    connector,
    sealed,
    receivedAt,
    expiresAt,
  );
  return {
    id,
    trackingId: change.trackingId,
    sequence,
    stamp: { committedAt: change.committedAt, version: change.version },
    account: nt4Name(change.domain, change.account),
    person,
    target,
    connector,
    sealed,
    attempts: 0,
    receivedAt,
    expiresAt,
    nextAttemptAt: receivedAt,
    state: 'waiting',
  };
}

/** Ends the delivery to the connector that waits or is parked, where there is one. */
function supersede(
  database: Database,
  { change, receivedAt }: AcceptedChange,
  connector: ConnectorId,
  rules: AcceptRules,
): readonly SupersededDelivery[] {
  const older = database.get<Pick<DeliveryRow, 'id' | 'target' | 'tracking_id' | 'domain' | 'account'>>(
    `SELECT d.id, d.target, c.tracking_id, c.domain, c.account
      FROM delivery d JOIN change c ON c.sequence = d.sequence WHERE d.connector = ? AND d.state <> 'settled'`,
    connector,
  );
  if (older === undefined) return [];
  const reason = `Superseded by ${change.trackingId}`;
  const ending = { id: older.id, connector, outcome: 'superseded', event: rules.superseded, reason } as const;
  settleDelivery(database, { ...ending, at: receivedAt }, rules.historySize);
  const { target, tracking_id: trackingId, domain, account } = older;
  return [{ trackingId, account: nt4Name(domain, account), target }];
}

function insertSettled(
  database: Database,
  { sequence, receivedAt, expiresAt }: AcceptedChange,
  ended: SettledDelivery,
  historySize: number,
): void {
  database.run(
    `INSERT INTO delivery (sequence, target, connector, state, next_attempt_at, expires_at, outcome, event, reason,
        settled_at)
      VALUES (?, ?, ?, 'settled', ?, ?, ?, ?, ?, ?)`,
    sequence,
    ended.target,
    ended.connector,
    receivedAt,
    expiresAt,
    ended.outcome,
    ended.event,
    ended.reason,
    receivedAt,
  );
  pruneHistory(database, ended.connector, historySize);
}

/** Whether the connector has a delivery, waiting or delivered, of a later change. */
function hasNewer(database: Database, connector: ConnectorId, sequence: number): boolean {
  const row = database.get(
    `SELECT 1 FROM delivery WHERE connector = ?1 AND state <> 'settled' AND sequence > ?2
      UNION ALL
      SELECT 1 FROM delivery WHERE connector = ?1 AND state = 'settled' AND outcome = 'delivered' AND sequence > ?2
      LIMIT 1`,
    connector,
    sequence,
  );
  return row !== undefined;
}
