import { AppError } from '#shared/model/app-error.ts';
import type { AgentId, CapturedChange, Hop, TrackingId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { createDeliveries } from './create-deliveries.ts';
import type { EngineParts } from './engine-parts.ts';
import { findOrigin, type Origin } from './find-origin.ts';
import { gateEcho } from './gates/gate-echo.ts';
import { gateStale } from './gates/gate-stale.ts';
import { type GateVerdict, pass, type Refusal } from './gates/gate-verdict.ts';
import { guardChange } from './guard-change.ts';
import type { Connector } from './join-table.ts';
import { newestStamp } from './newest-stamp.ts';
import { PendingAccepts } from './pending-accepts.ts';
import type { AcceptedChange, Delivery } from './queue.ts';
import type { Receipt } from './receipt.ts';
import { type Resolution, resolveChange } from './resolve-change.ts';
import { tellAccepted } from './tell-accepted.ts';
import type { Telling } from './telling.ts';

const day = 86_400_000;

export interface IntakeOptions {
  readonly parts: EngineParts;
  readonly telling: Telling;
  /** Highest sequence given out before. */
  readonly lastSequence: number;
  /** Told of deliveries that wait, once they are on disk. */
  readonly accepted: (deliveries: readonly Delivery[]) => void;
}

interface Decision {
  readonly resolution: Resolution;
  readonly refusal: Refusal | undefined;
  readonly hops: readonly Hop[];
}

/** Takes changes in: resolves, guards, seals, and has them on disk before the sender is told. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #receiving = new Map<TrackingId, Promise<Receipt>>();
  readonly #lookups = new Map<string, Promise<boolean>>();
  readonly #pending = new PendingAccepts();
  readonly #accepting = new Set<Promise<unknown>>();
  #sequence: number;
  #isStopped = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#sequence = options.lastSequence;
  }

  /** `password` is wiped in any case. Rejects where the change is not on disk; the sender keeps it then. */
  async receive(change: CapturedChange, password: SecretBytes): Promise<Receipt> {
    try {
      // A sender that lost its connection may send again while the first copy is still on its way to disk.
      const running = this.#receiving.get(change.trackingId);
      if (running !== undefined) {
        await running;
        return { status: 'known' };
      }
      if (this.#options.parts.queue.isKnown(change.trackingId)) return { status: 'known' };
      const receiving = this.#take(change, password);
      this.#receiving.set(change.trackingId, receiving);
      try {
        return await receiving;
      } catch (error) {
        this.#tellUnforeseen(change, error);
        throw error;
      } finally {
        this.#receiving.delete(change.trackingId);
      }
    } finally {
      password.wipe();
    }
  }

  /** Hands nothing more to the queue, and resolves when what it has been handed is on disk. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.allSettled(this.#accepting);
  }

  #tellUnforeseen({ trackingId, domain, account: name }: CapturedChange, error: unknown): void {
    if (error instanceof AppError) return;
    const account = `${domain}\\${name}`;
    // Not its message: nobody can vouch that it holds no secret.
    const kind = error instanceof Error ? error.name : typeof error;
    const message = `The password change of ${account} could not be taken in (${kind}); its sender keeps it`;
    this.#options.telling.log({ number: 6900, message, trackingId, account });
  }

  async #take(change: CapturedChange, password: SecretBytes): Promise<Receipt> {
    const { clock, queue, joins, settings } = this.#options.parts;
    const receivedAt = clock.now();
    await this.#makeKnown(change);
    if (this.#isStopped) throw new AppError('unavailable', 'The engine does not run');
    // Nothing is awaited from here until the queue has the change: what the gates see still holds then, and the order
    // of sequences is the order on disk.
    const configuration = settings();
    const resolution = resolveChange(configuration, joins, change);
    const resolvedAt = clock.now();
    const refusal = this.#guard(change, password, resolution, configuration);
    const now = clock.now();
    const hops: Hop[] = [
      { name: 'captured', at: change.capturedAt },
      { name: 'committed', at: change.queuedAt },
      { name: 'sent', at: change.sentAt },
      { name: 'received', at: receivedAt },
      { name: 'resolved', at: resolvedAt },
      { name: 'guarded', at: now },
    ];
    const accepted = this.#accept(change, password, { resolution, refusal, hops }, receivedAt, configuration);
    this.#pending.add(accepted);
    const accepting = queue.accept(accepted);
    this.#accepting.add(accepting);
    try {
      const { waiting, superseded } = await accepting;
      tellAccepted(accepted, { waiting: waiting.length, superseded }, this.#options.telling);
      this.#options.accepted(waiting);
      return refusal === undefined
        ? { status: 'accepted', sequence: accepted.sequence, deliveries: waiting.length }
        : { status: 'refused', sequence: accepted.sequence, event: refusal.event, reason: refusal.reason };
    } finally {
      this.#accepting.delete(accepting);
      this.#pending.remove(accepted);
    }
  }

  /** Has an object looked up that is unknown or belongs to nobody. */
  async #makeKnown({ domain, objectGuid }: CapturedChange): Promise<void> {
    const { settings, joins, onUnknownObject } = this.#options.parts;
    const origin = findOrigin(settings(), domain);
    if (origin?.source.enabled !== true || onUnknownObject === undefined) return;
    const anchor = objectGuid.toLowerCase();
    if (joins.findConnector(origin.agent.id, anchor)?.person !== undefined) return;
    await this.#lookUp(origin.agent.id, anchor, onUnknownObject);
  }

  /** Changes of one object that come together share one look-up. */
  async #lookUp(
    agent: AgentId,
    anchor: string,
    ask: NonNullable<EngineParts['onUnknownObject']>,
  ): Promise<void> {
    const key = `${agent} ${anchor}`;
    const running = this.#lookups.get(key) ?? ask(agent, anchor);
    this.#lookups.set(key, running);
    try {
      await running;
    } finally {
      this.#lookups.delete(key);
    }
  }

  #guard(
    change: CapturedChange,
    password: SecretBytes,
    resolution: Resolution,
    { passwordSync }: Configuration,
  ): Refusal | undefined {
    return guardChange(change, {
      resolution,
      passwordSync,
      countSent: (origin) => this.#countSent(origin),
      gateStale: (connector) => gateStale(change, this.#newestOf(connector)),
      gateEcho: ({ id }) => this.#gateEcho(id, password, passwordSync.dampingWindow * 1000),
    });
  }

  #countSent({ agent, partition }: Origin): number {
    const { clock, queue } = this.#options.parts;
    const sent = queue.countAccepted(agent.id, partition.dn, clock.now() - day);
    const origin = { agent: agent.id, partition: partition.dn };
    return sent + this.#pending.countSent(origin, queue.lastSequence());
  }

  #gateEcho(connector: number, password: SecretBytes, window: number): GateVerdict {
    const { clock, queue, seal } = this.#options.parts;
    if (window === 0) return pass;
    const recent = queue.recentDigests(connector, clock.now() - window);
    return recent.length === 0 ? pass : gateEcho(seal.digest(password), recent);
  }

  /** The newest change that came in from the object, was written to it, or will be. */
  #newestOf({ id, incoming, outgoing }: Connector) {
    const { queue } = this.#options.parts;
    return newestStamp(
      incoming,
      outgoing,
      queue.openStamp(id),
      this.#pending.incomingStamp(id),
      this.#pending.openStamp(id),
    );
  }

  #accept(
    change: CapturedChange,
    password: SecretBytes,
    { resolution, refusal, hops }: Decision,
    receivedAt: number,
    configuration: Configuration,
  ): AcceptedChange {
    const { parts } = this.#options;
    const { origin, connector, targets } = resolution;
    this.#sequence += 1;
    const sequence = this.#sequence;
    const newestOf = (joined: Connector) => this.#newestOf(joined);
    const source = { change, sequence, password, configuration, parts, newestOf };
    return {
      change,
      sequence,
      receivedAt,
      expiresAt: receivedAt + configuration.passwordSync.maxQueueAge * 1000,
      origin: origin && { agent: origin.agent.id, partition: origin.partition.dn },
      // An echo is no change of the object: it must not make one that was really made before it look stale.
      source: refusal?.event === 7008 ? undefined : connector?.id,
      person: connector?.person,
      refusal: refusal && { event: refusal.event, reason: refusal.reason },
      hops: [...hops, { name: 'accepted', at: parts.clock.now() }],
      deliveries: refusal === undefined ? targets.flatMap((target) => createDeliveries(target, source)) : [],
    };
  }
}
