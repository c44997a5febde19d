import { isOlder } from '#engine/is-older.ts';
import type {
  Acceptance,
  AcceptedChange,
  Delivery,
  ExpiredDelivery,
  NewDelivery,
  Predecessor,
  Queue,
  Settlement,
  SupersededDelivery,
} from '#engine/queue.ts';
import type {
  AgentId,
  Attempt,
  ChangeStamp,
  ConnectorId,
  DeliveryState,
  Outcome,
  TrackingId,
} from '#shared/model/change.ts';

/** A delivery with all that is on record of it. */
export interface StoredDelivery extends Omit<Delivery, 'sealed' | 'attempts' | 'nextAttemptAt' | 'state'> {
  sealed: Uint8Array | undefined;
  attempts: number;
  nextAttemptAt: number;
  state: DeliveryState;
  outcome?: Outcome;
  event?: number;
  reason?: string | undefined;
  verification?: string | undefined;
  settledAt?: number;
  readonly log: Attempt[];
}

interface Stamps {
  incoming?: ChangeStamp;
  outgoing?: ChangeStamp;
}

/**
 * The queue in memory. Writes of one turn are one commit, at the turn's end; until then nothing of them shows.
 * `failure` makes commits fail as a full disk does.
 */
export class MemoryQueue implements Queue {
  readonly changes = new Map<number, AcceptedChange>();
  readonly deliveries: StoredDelivery[] = [];
  readonly digests: { connector: ConnectorId; digest: Uint8Array; at: number }[] = [];
  readonly #known = new Set<TrackingId>();
  readonly #stamps = new Map<ConnectorId, Stamps>();
  #writes: (() => void)[] = [];
  failure: Error | undefined;
  /** Rules of the port that its caller broke. */
  readonly broken: string[] = [];
  /** Times that `due` was asked. */
  asked = 0;

  /** What was not committed never is, and nobody hears of it. */
  loseWrites(): void {
    this.#writes.length = 0;
  }

  stampsOf(connector: ConnectorId): Stamps {
    return this.#stamps.get(connector) ?? {};
  }

  of(trackingId: TrackingId): readonly StoredDelivery[] {
    return this.deliveries.filter((delivery) => delivery.trackingId === trackingId);
  }

  lastSequence(): number {
    return Math.max(0, ...this.changes.keys());
  }

  isKnown(trackingId: TrackingId): boolean {
    return this.#known.has(trackingId);
  }

  countAccepted(agent: AgentId, partition: string, since: number): number {
    return [...this.changes.values()].filter(
      ({ origin, receivedAt, refusal }) =>
        refusal === undefined &&
        origin?.agent === agent &&
        origin.partition === partition &&
        receivedAt >= since,
    ).length;
  }

  accept(accepted: AcceptedChange): Promise<Acceptance> {
    return this.#commit(() => {
      const { change, sequence, source } = accepted;
      if (this.#known.has(change.trackingId)) return { waiting: [], superseded: [] };
      if (this.changes.has(sequence)) this.broken.push(`Sequence ${sequence} was given out twice`);
      this.#known.add(change.trackingId);
      this.changes.set(sequence, accepted);
      if (source !== undefined) this.#stamp(source, 'incoming', change);
      const superseded: SupersededDelivery[] = [];
      const waiting = accepted.deliveries.flatMap(
        (delivery) => this.#insert(accepted, delivery, superseded) ?? [],
      );
      return { waiting, superseded };
    });
  }

  due(target: AgentId, now: number, limit: number, busy: ReadonlySet<ConnectorId>): readonly Delivery[] {
    this.asked += 1;
    return this.#waiting(target)
      .filter((delivery) => delivery.nextAttemptAt <= now && !busy.has(delivery.connector))
      .sort((left, right) => left.nextAttemptAt - right.nextAttemptAt || left.sequence - right.sequence)
      .slice(0, limit)
      .map(copy);
  }

  nextDueAt(target: AgentId, after: number): number | undefined {
    return least(
      this.#waiting(target)
        .map(({ nextAttemptAt }) => nextAttemptAt)
        .filter((at) => at > after),
    );
  }

  settle(delivery: Delivery, settlement: Settlement): Promise<boolean> {
    return this.#commit(() => {
      const row = this.#row(delivery.id);
      if (row.state === 'settled') return false;
      const { outcome, event, at, reason, verification, attempt } = settlement;
      if (attempt !== undefined) this.#try(row, attempt);
      row.verification = verification;
      this.#end(row, outcome, event, reason, at);
      if (outcome === 'delivered') this.#stamp(delivery.connector, 'outgoing', delivery.stamp);
      return true;
    });
  }

  postpone(delivery: Delivery, attempt: Attempt, nextAttemptAt: number): Promise<void> {
    return this.#commit(() => {
      const row = this.#row(delivery.id);
      if (row.state !== 'waiting') return;
      this.#try(row, attempt);
      row.nextAttemptAt = nextAttemptAt;
    });
  }

  park(delivery: Delivery, attempt: Attempt | undefined, event: number, reason: string): Promise<void> {
    return this.#commit(() => {
      const row = this.#row(delivery.id);
      if (row.state !== 'waiting') return;
      if (attempt !== undefined) this.#try(row, attempt);
      Object.assign(row, { state: 'parked', event, reason });
    });
  }

  openStamp(connector: ConnectorId): ChangeStamp | undefined {
    return this.#open(connector)?.stamp;
  }

  predecessor(connector: ConnectorId, sequence: number): Predecessor | undefined {
    const before = this.deliveries.findLast(
      (delivery) =>
        delivery.connector === connector &&
        delivery.state === 'settled' &&
        delivery.sequence < sequence &&
        (delivery.outcome === 'refused'
          ? delivery.attempts > 1
          : delivery.outcome !== 'shadowed' || delivery.attempts > 0),
    );
    if (before?.outcome === undefined || before.settledAt === undefined) return undefined;
    return { sequence: before.sequence, outcome: before.outcome, settledAt: before.settledAt };
  }

  nextExpiryAt(): number | undefined {
    return least(this.#unsettled().map(({ expiresAt }) => expiresAt));
  }

  expire(now: number, limit: number): Promise<readonly ExpiredDelivery[]> {
    return this.#commit(() => {
      const late = this.#unsettled().filter(({ expiresAt }) => expiresAt <= now);
      return late.slice(0, limit).map((row) => {
        this.#end(row, 'expired', 7005, 'Waited longer than allowed', now);
        const { id, trackingId, account, target, receivedAt } = row;
        return { id, trackingId, account, target, receivedAt };
      });
    });
  }

  release(ids: readonly number[], now: number): Promise<number> {
    return this.#commit(() => {
      const rows = this.#unsettled().filter(({ id }) => ids.includes(id));
      for (const row of rows) {
        // Back to its place in the line.
        const nextAttemptAt = Math.min(now, row.receivedAt);
        Object.assign(row, { state: 'waiting', attempts: 0, nextAttemptAt });
      }
      return rows.length;
    });
  }

  setAside(ids: readonly number[], event: number, reason: string): Promise<number> {
    return this.#commit(() => {
      const rows = this.#unsettled().filter(({ id, state }) => ids.includes(id) && state === 'waiting');
      for (const row of rows) Object.assign(row, { state: 'parked', event, reason });
      return rows.length;
    });
  }

  cancel(ids: readonly number[], reason: string, now: number): Promise<number> {
    return this.#commit(() => {
      const rows = this.#unsettled().filter(({ id }) => ids.includes(id));
      for (const row of rows) this.#end(row, 'cancelled', 7007, reason, now);
      return rows.length;
    });
  }

  purge(target: AgentId | undefined, reason: string, now: number): Promise<number> {
    const rows = this.#unsettled().filter((row) => target === undefined || row.target === target);
    return this.cancel(
      rows.map(({ id }) => id),
      reason,
      now,
    );
  }

  recentDigests(connector: ConnectorId, since: number): readonly Uint8Array[] {
    return this.digests
      .filter((row) => row.connector === connector && row.at >= since)
      .map(({ digest }) => digest)
      .reverse();
  }

  rememberDigest(connector: ConnectorId, digest: Uint8Array, at: number): Promise<void> {
    return this.#commit(() => {
      this.digests.push({ connector, digest, at });
    });
  }

  #insert(
    accepted: AcceptedChange,
    given: NewDelivery,
    superseded: SupersededDelivery[],
  ): Delivery | undefined {
    const { change, sequence, receivedAt, expiresAt, person } = accepted;
    if (given.state === 'waiting' || given.outcome === 'refused') {
      const older = this.#open(given.connector);
      if (older !== undefined) {
        const { trackingId, account, target } = older;
        superseded.push({ trackingId, account, target });
        this.#end(older, 'superseded', 7006, `Superseded by ${change.trackingId}`, receivedAt);
      }
    }
    const row: StoredDelivery = {
      id: this.deliveries.length + 1,
      trackingId: change.trackingId,
      sequence,
      stamp: { committedAt: change.committedAt, version: change.version },
      account: `${change.domain}\\${change.account}`,
      person: person ?? 0,
      target: given.target,
      connector: given.connector,
      sealed: given.state === 'waiting' ? given.sealed : undefined,
      attempts: 0,
      receivedAt,
      expiresAt,
      nextAttemptAt: receivedAt,
      state: 'waiting',
      log: [],
    };
    this.deliveries.push(row);
    if (given.state === 'waiting') return copy(row);
    this.#end(row, given.outcome, given.event, given.reason, receivedAt);
    return undefined;
  }

  #end(
    row: StoredDelivery,
    outcome: Outcome,
    event: number,
    reason: string | undefined,
    settledAt: number,
  ): void {
    if (row.outcome !== undefined) this.broken.push(`Delivery ${row.id} ended twice`);
    Object.assign(row, { state: 'settled', sealed: undefined, outcome, event, reason, settledAt });
  }

  #try(row: StoredDelivery, attempt: Attempt): void {
    row.attempts += 1;
    row.log.push(attempt);
  }

  #stamp(connector: ConnectorId, kind: keyof Stamps, { committedAt, version }: ChangeStamp): void {
    const stamps = this.#stamps.get(connector) ?? {};
    const stamp = { committedAt, version };
    if (!isOlder(stamp, stamps[kind])) this.#stamps.set(connector, { ...stamps, [kind]: stamp });
  }

  #row(id: number): StoredDelivery {
    const row = this.deliveries[id - 1];
    if (row === undefined) throw new Error(`No delivery ${id}`);
    return row;
  }

  #open(connector: ConnectorId): StoredDelivery | undefined {
    return this.deliveries.findLast((row) => row.connector === connector && row.state !== 'settled');
  }

  #unsettled(): StoredDelivery[] {
    return this.deliveries.filter(({ state }) => state !== 'settled');
  }

  #waiting(target: AgentId): StoredDelivery[] {
    return this.deliveries.filter((row) => row.state === 'waiting' && row.target === target);
  }

  #commit<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#writes.length === 0) setImmediate(() => this.#flush());
      this.#writes.push(() => {
        try {
          if (this.failure !== undefined) throw this.failure;
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #flush(): void {
    const writes = this.#writes;
    this.#writes = [];
    for (const write of writes) write();
  }
}

function copy({ sealed, log: _, ...row }: StoredDelivery): Delivery {
  if (sealed === undefined) throw new Error(`Delivery ${row.id} waits without a password`);
  const { id, trackingId, sequence, stamp, account, person, target, connector, ...rest } = row;
  const { attempts, receivedAt, expiresAt, nextAttemptAt, state } = rest;
  const whose = { id, trackingId, sequence, stamp, account, person, target, connector };
  return { ...whose, sealed, attempts, receivedAt, expiresAt, nextAttemptAt, state };
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}
