import type { Delivery } from '#engine/queue.ts';
import type { AgentId, DeliveryState, TrackingId } from '#shared/model/change.ts';

/** Columns of an open delivery with what its change says about it; `delivery` and `change` are joined. */
export const deliveryColumns = `d.id, d.sequence, d.target, d.connector, d.state, d.sealed, d.attempts,
  d.next_attempt_at, d.expires_at, c.tracking_id, c.domain, c.account, c.committed_at, c.version, c.received_at,
  c.person`;

export interface DeliveryRow {
  readonly id: number;
  readonly sequence: number;
  readonly target: AgentId;
  readonly connector: number;
  readonly state: DeliveryState;
  readonly sealed: Uint8Array;
  readonly attempts: number;
  readonly next_attempt_at: number;
  readonly expires_at: number;
  readonly tracking_id: TrackingId;
  readonly domain: string;
  readonly account: string;
  readonly committed_at: number;
  readonly version: number;
  readonly received_at: number;
  readonly person: number;
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    trackingId: row.tracking_id,
    sequence: row.sequence,
    stamp: { committedAt: row.committed_at, version: row.version },
    account: nt4Name(row.domain, row.account),
    person: row.person,
    target: row.target,
    connector: row.connector,
    sealed: row.sealed,
    attempts: row.attempts,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    nextAttemptAt: row.next_attempt_at,
    state: row.state,
  };
}

/** `DOMAIN\name`, as every screen, log line and seal has it. */
export function nt4Name(domain: string, account: string): string {
  return `${domain}\\${account}`;
}
