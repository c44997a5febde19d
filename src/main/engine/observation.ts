import type { AgentId, Attempt, CapturedChange, Outcome } from '#shared/model/change.ts';

import type { BreakerState } from './circuit-breaker.ts';
import type { Delivery } from './queue.ts';

/** A delivery as onlookers see it: without its sealed password. */
export type SeenDelivery = Pick<
  Delivery,
  'id' | 'trackingId' | 'account' | 'target' | 'connector' | 'sequence' | 'receivedAt' | 'attempts'
>;

/** How long the parts of a successful attempt took, milliseconds. */
export interface AttemptTimings {
  readonly setMs: number;
  /** Absent where no proof was tried. */
  readonly verifyMs?: number;
}

/** One step in the life of a change, told after it is on disk; holds no secret, sealed or not. */
export type Observation =
  | {
      readonly kind: 'received';
      readonly at: number;
      readonly change: CapturedChange;
      readonly sequence: number;
      /** Deliveries that wait. */
      readonly deliveries: number;
    }
  | {
      readonly kind: 'refused';
      readonly at: number;
      readonly change: CapturedChange;
      readonly sequence: number;
      readonly event: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'attempted';
      readonly delivery: SeenDelivery;
      readonly attempt: Attempt;
      readonly timings?: AttemptTimings;
    }
  | {
      readonly kind: 'settled';
      readonly at: number;
      readonly delivery: SeenDelivery;
      readonly outcome: Outcome;
      readonly event: number;
    }
  | { readonly kind: 'postponed'; readonly delivery: SeenDelivery; readonly nextAttemptAt: number }
  | {
      readonly kind: 'parked';
      readonly at: number;
      readonly delivery: SeenDelivery;
      readonly event: number;
      readonly reason: string;
    }
  /** Deliveries ended or were made due by an administrator or by time. */
  | { readonly kind: 'moved'; readonly at: number; readonly count: number }
  | {
      readonly kind: 'breaker';
      readonly at: number;
      readonly agent: AgentId;
      readonly state: BreakerState;
    };

export type Observe = (observation: Observation) => void;
