import type { AgentId, ConnectorId } from '#shared/model/change.ts';

import type { Clock } from './clock.ts';
import type { Delivery, Queue } from './queue.ts';

/** Deliveries taken from the queue at once; the rest stays on disk. */
const size = 64;

export interface DueWindowOptions {
  readonly clock: Clock;
  readonly queue: Queue;
  readonly agent: AgentId;
  /** Told when a delivery that waited for its time is due. */
  readonly ready: () => void;
}

/**
 * The next few due deliveries of one target, in their order. Knows when the queue has no more of them, so that an
 * idle target costs nothing and a new delivery needs no query.
 */
export class DueWindow {
  readonly #options: DueWindowOptions;
  readonly #held = new Map<ConnectorId, Delivery>();
  /** Connectors at work for which a newer delivery came meanwhile. */
  readonly #followed = new Set<ConnectorId>();
  /** Whether the queue has nothing due but what is held or at work. */
  #isDry = false;
  /** What a timer was set for is due though the clock was set back since. */
  #dueUpTo = 0;
  #cancel: (() => void) | undefined;

  constructor(options: DueWindowOptions) {
    this.#options = options;
  }

  /** Whether there is nothing to take, for certain. */
  get isEmpty(): boolean {
    return this.#isDry && this.#held.size === 0;
  }

  /** The next due delivery whose connector is not among `busy`. */
  take(busy: ReadonlySet<ConnectorId>): Delivery | undefined {
    if (this.#held.size === 0 && !this.#isDry) this.#fill(busy);
    for (const [connector, delivery] of this.#held) {
      this.#held.delete(connector);
      return delivery;
    }
    return undefined;
  }

  /** A new delivery is due; what it supersedes is let go. */
  offer(delivery: Delivery, busy: ReadonlySet<ConnectorId>): void {
    const { connector } = delivery;
    this.#held.delete(connector);
    if (busy.has(connector)) this.#followed.add(connector);
    else if (this.#isDry && this.#held.size < size) this.#held.set(connector, delivery);
    else this.#isDry = false;
  }

  /** Work on a connector ended; unless its delivery is settled, the queue may have it or a newer one due again. */
  finish(connector: ConnectorId, isSettled: boolean): void {
    const isFollowed = this.#followed.delete(connector);
    if (isFollowed || !isSettled) this.#isDry = false;
  }

  /** Lets go of what was taken from the queue, which may have changed. */
  clear(): void {
    this.#held.clear();
    this.#isDry = false;
  }

  stop(): void {
    this.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #fill(busy: ReadonlySet<ConnectorId>): void {
    const { clock, queue, agent } = this.#options;
    const now = Math.max(clock.now(), this.#dueUpTo);
    const page = queue.due(agent, now, size, busy);
    for (const delivery of page) this.#held.set(delivery.connector, delivery);
    this.#isDry = page.length < size;
    if (!this.#isDry) return;
    this.#dueUpTo = 0;
    this.#arm(queue.nextDueAt(agent, now));
  }

  #arm(at: number | undefined): void {
    const { clock, ready } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    if (at === undefined) return;
    this.#cancel = clock.schedule(at - clock.now(), () => {
      this.#cancel = undefined;
      this.#isDry = false;
      this.#dueUpTo = at;
      ready();
    });
  }
}
