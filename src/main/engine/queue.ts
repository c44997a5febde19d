import type {
  AgentId,
  Attempt,
  CapturedChange,
  ChangeStamp,
  ConnectorId,
  DeliveryState,
  Hop,
  Outcome,
  PersonId,
  TrackingId,
} from '#shared/model/change.ts';

/** A delivery as the queue keeps it. */
export interface Delivery {
  readonly id: number;
  readonly trackingId: TrackingId;
  readonly sequence: number;
  readonly stamp: ChangeStamp;
  /** NT4 name of the account that changed, `DOMAIN\name`. */
  readonly account: string;
  readonly person: PersonId;
  readonly target: AgentId;
  readonly connector: ConnectorId;
  readonly sealed: Uint8Array;
  readonly attempts: number;
  readonly receivedAt: number;
  readonly expiresAt: number;
  readonly nextAttemptAt: number;
  readonly state: DeliveryState;
}

/** A delivery at the moment its change is accepted: sealed and waiting, or settled at once by a gate. */
export type NewDelivery = Pick<Delivery, 'target' | 'connector'> &
  (
    | { readonly state: 'waiting'; readonly sealed: Uint8Array }
    | {
        readonly state: 'settled';
        readonly outcome: Outcome;
        readonly event: number;
        readonly reason: string;
      }
  );

/** A received change with the engine's decision, written in one transaction with its deliveries. */
export interface AcceptedChange {
  readonly change: CapturedChange;
  readonly sequence: number;
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** Agent and partition that serve the change's domain; undefined where none does. */
  readonly origin: { readonly agent: AgentId; readonly partition: string } | undefined;
  /** Object that the change came from; undefined where no management agent knows it. */
  readonly source: ConnectorId | undefined;
  readonly person: PersonId | undefined;
  /** Set where the change goes nowhere: the event number and the reason in words. */
  readonly refusal: { readonly event: number; readonly reason: string } | undefined;
  readonly hops: readonly Hop[];
  readonly deliveries: readonly NewDelivery[];
}

/** What an event says about a delivery that passed its time. */
export type ExpiredDelivery = Pick<Delivery, 'id' | 'trackingId' | 'account' | 'target' | 'receivedAt'>;

/** What an event says about a delivery that a newer change replaced. */
export type SupersededDelivery = Pick<Delivery, 'trackingId' | 'account' | 'target'>;

/** What the queue did with a change. */
export interface Acceptance {
  /** The new deliveries that wait. */
  readonly waiting: readonly Delivery[];
  /** Deliveries of older changes that this one ended, and its own that came after a newer one. */
  readonly superseded: readonly SupersededDelivery[];
}

/** The delivery before another one to the same connector, and how it ended. */
export interface Predecessor {
  readonly sequence: number;
  readonly outcome: Outcome;
  readonly settledAt: number;
}

/** How a delivery ended. */
export interface Settlement {
  readonly outcome: Outcome;
  readonly event: number;
  readonly at: number;
  readonly reason?: string;
  /** Verification in words, where the password was set. */
  readonly verification?: string;
  /** The last try; absent where none was made. */
  readonly attempt?: Attempt;
}

/**
 * The durable queue and its history. A promise resolves when the write is on disk; writes that are asked for
 * in the same turn share one commit. Settling erases the sealed password in the same transaction.
 */
export interface Queue {
  /** Highest sequence ever given out, 0 for an empty queue. */
  lastSequence(): number;
  /** Whether this tracking id was accepted before: a redelivery is acknowledged, not repeated. */
  isKnown(trackingId: TrackingId): boolean;
  /** Changes received from one source agent's partition since `since` and not refused, for the daily cap. */
  countAccepted(agent: AgentId, partition: string, since: number): number;
  /**
   * Writes a change. Older waiting or parked deliveries to the same connector end as superseded in the same
   * transaction, also where a gate refused the new one: what they hold is not the person's password any more.
   * A delivery that a gate superseded ends none. A change that is known already changes nothing.
   */
  accept(change: AcceptedChange): Promise<Acceptance>;
  /**
   * The next `limit` waiting deliveries of a target that are due at `now`, without `busy`: those due longest first,
   * and of one moment the lowest sequence first. A connector has one delivery at most, so order is fairness only.
   */
  due(target: AgentId, now: number, limit: number, busy: ReadonlySet<ConnectorId>): readonly Delivery[];
  /** When the target's next waiting delivery that is not due at `after` falls due; undefined where there is none. */
  nextDueAt(target: AgentId, after: number): number | undefined;
  /**
   * Records the end of a delivery and, when delivered, the connector's outgoing stamp. Does nothing to a delivery
   * that was settled meanwhile (superseded, cancelled) and resolves to false then.
   */
  settle(delivery: Delivery, settlement: Settlement): Promise<boolean>;
  /** Records a failed try and when to try again. */
  postpone(delivery: Delivery, attempt: Attempt, nextAttemptAt: number): Promise<void>;
  /** Records a failed try and keeps the delivery for an administrator. */
  park(delivery: Delivery, attempt: Attempt | undefined, event: number, reason: string): Promise<void>;
  /** Stamp of the one delivery to the connector that waits or is parked. */
  openStamp(connector: ConnectorId): ChangeStamp | undefined;
  /**
   * The newest ended delivery to the connector before `sequence`, passing over those that a gate or their first try
   * refused, and those that shadow mode ended before any try: these wrote nothing.
   */
  predecessor(connector: ConnectorId, sequence: number): Predecessor | undefined;
  /** When the next waiting or parked delivery passes its time; undefined where there is none. */
  nextExpiryAt(): number | undefined;
  /** Ends up to `limit` waiting or parked deliveries that are past their time. */
  expire(now: number, limit: number): Promise<readonly ExpiredDelivery[]>;
  /** Makes a parked or waiting delivery due at once, with its attempts counted anew. */
  release(ids: readonly number[], now: number): Promise<number>;
  /** Keeps waiting deliveries for an administrator, who put them aside; returns how many. */
  setAside(ids: readonly number[], event: number, reason: string): Promise<number>;
  cancel(ids: readonly number[], reason: string, now: number): Promise<number>;
  /** Cancels every waiting or parked delivery of one target, or of all. */
  purge(target: AgentId | undefined, reason: string, now: number): Promise<number>;
  /** Newest digests of passwords written to a connector since `since`, for damping. */
  recentDigests(connector: ConnectorId, since: number): readonly Uint8Array[];
  /** Remembers, before a set, the digest of what is about to be written. */
  rememberDigest(connector: ConnectorId, digest: Uint8Array, at: number): Promise<void>;
}
