import { AppError } from '#shared/model/app-error.ts';
import type { AgentId, CapturedChange } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { BreakerState } from './circuit-breaker.ts';
import type { EngineParts } from './engine-parts.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { type Explained, type ExplainedAccount, explain } from './explain.ts';
import { Intake } from './intake.ts';
import { Lane } from './lane.ts';
import type { Delivery } from './queue.ts';
import type { Receipt } from './receipt.ts';
import { createTelling, type Telling } from './telling.ts';

/**
 * The life of a change from received to recorded. Takes changes in, brings them to their targets, and keeps the
 * invariants: per person and target a lower sequence is never written after a higher one, and a change that was
 * accepted ends in exactly one recorded outcome.
 */
export class Engine {
  readonly #parts: EngineParts;
  readonly #telling: Telling;
  readonly #expiry: ExpiryWatch;
  #lanes = new Map<AgentId, Lane>();
  #intake: Intake | undefined;
  #inheritedSequence = 0;
  #stopping: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { clock, queue } = parts;
    this.#telling = createTelling(clock, parts.events, parts.observe);
    const agentName = (wanted: string): string =>
      parts.settings().agents.find(({ id }) => id === wanted)?.name ?? wanted;
    this.#expiry = new ExpiryWatch({ clock, queue, telling: this.#telling, agentName });
  }

  /** Goes on where the last process stopped. Idempotent. */
  async start(): Promise<void> {
    await this.#stopping;
    if (this.#intake !== undefined) return;
    const { queue } = this.#parts;
    this.#inheritedSequence = queue.lastSequence();
    this.#intake = new Intake({
      parts: this.#parts,
      telling: this.#telling,
      lastSequence: this.#inheritedSequence,
      accepted: (deliveries) => this.#send(deliveries),
    });
    this.#expiry.start();
    this.#openLanes();
  }

  /** Takes nothing more in, lets what runs end, and leaves the rest in the queue. Idempotent. */
  stop(): Promise<void> {
    if (this.#intake === undefined) return this.#stopping;
    const intake = this.#intake;
    this.#intake = undefined;
    const lanes = [...this.#lanes.values()];
    this.#lanes = new Map();
    this.#stopping = Promise.all([
      intake.stop(),
      this.#expiry.stop(),
      ...lanes.map((lane) => lane.stop()),
    ]).then(() => undefined);
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * Takes one captured change in; a tracking id that was received before changes nothing. Resolves when the change is
   * on disk, refused or not: then its sender may forget it. Rejects where it is not, `AppError` `unavailable` where the
   * engine does not run. `password` is wiped in any case.
   */
  async receive(change: CapturedChange, password: SecretBytes): Promise<Receipt> {
    if (this.#intake !== undefined) return await this.#intake.receive(change, password);
    password.wipe();
    throw new AppError('unavailable', 'The engine does not run');
  }

  /** Who would get a change of this account now, and why not. */
  explain(account: ExplainedAccount): Explained {
    return explain(account, { ...this.#parts, breakerOf: (agent) => this.breakerOf(agent) });
  }

  /** Makes parked or waiting deliveries due at once, with their attempts counted anew; returns how many. */
  async release(ids: readonly number[]): Promise<number> {
    const { queue, clock } = this.#parts;
    const count = await queue.release(ids, clock.now());
    this.#moved(count);
    for (const lane of this.#lanes.values()) lane.retryNow();
    return count;
  }

  /** Puts waiting deliveries aside until they are released; one at work on its target may still be written. */
  async park(ids: readonly number[], reason: string): Promise<number> {
    const count = await this.#parts.queue.setAside(ids, 7017, reason);
    for (const lane of this.#lanes.values()) lane.wake();
    this.#moved(count);
    if (count > 0) {
      const deliveries = count === 1 ? '1 delivery was' : `${count} deliveries were`;
      this.#telling.log({ number: 7017, message: `${deliveries} parked: ${reason}` });
    }
    return count;
  }

  /** Ends waiting or parked deliveries; one at work on its target may still be written. Returns how many ended. */
  async cancel(ids: readonly number[], reason: string): Promise<number> {
    const { queue, clock } = this.#parts;
    const count = await queue.cancel(ids, reason, clock.now());
    this.#cancelled(count, undefined, reason);
    return count;
  }

  /** Ends everything that waits or is parked for one target, or for all; returns how many. */
  async purge(target: AgentId | undefined, reason: string): Promise<number> {
    const { queue, clock } = this.#parts;
    const count = await queue.purge(target, reason, clock.now());
    this.#cancelled(count, target, reason);
    return count;
  }

  /** Another configuration is in force: holds what it holds, and drains what it does not hold any more. */
  settingsChanged(): void {
    if (this.#intake === undefined) return;
    this.#openLanes();
    for (const lane of this.#lanes.values()) lane.retryNow();
  }

  breakerOf(agent: AgentId): BreakerState {
    return this.#lanes.get(agent)?.breaker ?? 'closed';
  }

  /** Deliveries at work on a target. */
  working(agent: AgentId): number {
    return this.#lanes.get(agent)?.working ?? 0;
  }

  #send(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      this.#expiry.expect(delivery.expiresAt);
      this.#lanes.get(delivery.target)?.offer(delivery);
    }
  }

  /** A lane for every agent. One whose agent has gone stays: it knows what may still land on its connectors. */
  #openLanes(): void {
    const common = {
      parts: this.#parts,
      telling: this.#telling,
      inheritedSequence: this.#inheritedSequence,
    };
    for (const { id } of this.#parts.settings().agents) {
      if (this.#lanes.has(id)) continue;
      const lane = new Lane({ ...common, agent: id });
      this.#lanes.set(id, lane);
      lane.start();
    }
  }

  #cancelled(count: number, agent: AgentId | undefined, reason: string): void {
    for (const lane of this.#lanes.values()) lane.wake();
    this.#moved(count);
    if (count === 0) return;
    const deliveries = count === 1 ? '1 delivery was' : `${count} deliveries were`;
    const message = `${deliveries} cancelled: ${reason}`;
    this.#telling.log({ number: 7007, message, ...(agent === undefined ? {} : { agent }) });
  }

  #moved(count: number): void {
    if (count > 0) this.#telling.observe({ kind: 'moved', at: this.#parts.clock.now(), count });
  }
}
