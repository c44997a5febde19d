import type { Clock } from '#engine/clock.ts';
import type { Seal } from '#engine/seal.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { PcnsService, PcnsTarget } from '#shared/model/pcns.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { DeliveryQueue, QueueCounts, WaitingDelivery } from './delivery-queue.ts';
import type { CaptureEventSink } from './event-log.ts';
import type { NotificationChannel, NotificationSender, SendFailure } from './notification-sender.ts';
import { QueueWarning } from './queue-warning.ts';
import { sealContext } from './seal-context.ts';

/** Changes of different people on their way at the same time. */
const width = 16;
const second = 1000;

export interface DeliveryLaneOptions {
  readonly queue: DeliveryQueue;
  readonly seal: Seal;
  readonly channel: NotificationChannel;
  readonly clock: Clock;
  readonly service: () => PcnsService;
  readonly log: CaptureEventSink;
  /** NetBIOS name of the domain, and host name of this domain controller. */
  readonly domain: string;
  readonly sourceServer: string;
  /** Capture time of the last change, milliseconds since 1970 UTC. */
  readonly lastCaptured: () => number | undefined;
}

export interface LaneStatus extends QueueCounts {
  readonly target: string;
  readonly connected: boolean;
  /** Why nothing gets through at present. */
  readonly trouble: string | undefined;
}

/** Delivers the changes of one target in order, on its own: what happens to it is nothing to the other lanes. */
export class DeliveryLane {
  readonly #options: DeliveryLaneOptions;
  readonly #warning: QueueWarning;
  readonly #busy = new Set<string>();
  #target: PcnsTarget;
  #sender: Promise<NotificationSender> | undefined;
  /** Counts the ways to the target: a failure of a former one says nothing about the present one. */
  #way = 0;
  #pausedUntil = 0;
  #trouble: string | undefined;
  #cancelWake: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  #stopped = false;

  constructor(target: PcnsTarget, options: DeliveryLaneOptions) {
    this.#target = target;
    this.#options = options;
    this.#warning = new QueueWarning(options.log);
    this.#beatLater();
    this.wake();
  }

  get status(): LaneStatus {
    return {
      target: this.#target.name,
      connected: this.#sender !== undefined && this.#trouble === undefined,
      trouble: this.#trouble,
      ...this.#options.queue.counts(),
    };
  }

  /** Takes new settings; another way to the target gets a new connection, at once. */
  update(target: PcnsTarget): void {
    const before = this.#target;
    this.#target = target;
    if (
      before.server !== target.server ||
      before.spn !== target.spn ||
      before.fingerprint !== target.fingerprint
    ) {
      this.#hangUp();
      this.#pausedUntil = 0;
      this.wake();
    }
    if (before.keepAliveInterval !== target.keepAliveInterval) this.#beatLater();
  }

  /** Sends whatever is due. */
  wake(): void {
    if (this.#stopped) return;
    const { clock, queue } = this.#options;
    const now = clock.now();
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    if (now >= this.#pausedUntil) {
      const rows = queue.due(now, width - this.#busy.size, this.#busy);
      for (const row of rows) void this.#deliver(row);
      // A full lane is woken by the deliveries under way.
      if (this.#busy.size > 0) return;
    }
    const next = queue.nextDueAt();
    if (next === undefined) return;
    const delay = Math.max(next, this.#pausedUntil) - now;
    this.#cancelWake = clock.schedule(Math.max(delay, 1), () => this.wake());
  }

  checkWarningLevel(): void {
    if (this.#target.queueWarningLevel === 0) return;
    this.#warning.check(this.#target, this.#options.queue.counts().waiting, this.#options.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelWake?.();
    this.#cancelBeat?.();
    this.#hangUp();
  }

  async #deliver(row: WaitingDelivery): Promise<void> {
    this.#busy.add(row.objectGuid);
    try {
      await this.#attempt(row);
    } catch (error) {
      // The queue itself failed: the row stays, and is tried again after a while.
      this.#trouble = String(error);
      this.#pausedUntil = this.#options.clock.now() + this.#options.service().retryInterval * second;
    } finally {
      this.#busy.delete(row.objectGuid);
      this.wake();
    }
  }

  async #attempt(row: WaitingDelivery): Promise<void> {
    const { clock, queue, domain, sourceServer, channel } = this.#options;
    const { trackingId, account, committedAt, version, objectGuid, capturedAt, queuedAt } = row;
    using password = this.#tryOpen(row);
    if (password === undefined) {
      await this.#giveUp(row, 'its sealed password does not open');
      return;
    }
    const way = this.#way;
    const stamp = { capturedAt, queuedAt, sentAt: clock.now(), committedAt, version };
    try {
      const sender = await this.#connect();
      await sender.send({ trackingId, domain, account, objectGuid, sourceServer, ...stamp }, password);
    } catch (error) {
      await this.#handleFailure(row, channel.explain(error), way);
      return;
    }
    this.#trouble = undefined;
    const message = `The change of ${account} reached every target`;
    await queue.finish(row.sequence, (isLast) =>
      isLast ? [{ number: 2100, trackingId, account, message }] : [],
    );
  }

  #tryOpen(row: WaitingDelivery): SecretBytes | undefined {
    try {
      return this.#options.seal.open(row.sealed, sealContext(row));
    } catch (error) {
      if (error instanceof AppError && error.code === 'damaged') return undefined;
      throw error;
    }
  }

  async #handleFailure(row: WaitingDelivery, failure: SendFailure, way: number): Promise<void> {
    if (this.#stopped) return;
    const { clock, queue, service, log } = this.#options;
    const { maximumNotificationRetries: limit, retryInterval } = service();
    const { trackingId, account } = row;
    const attempts = row.attempts + 1;
    const message = `${this.#target.name}, try ${attempts}: ${failure.message}`;
    log({ number: failure.event, trackingId, account, target: this.#target, message });
    if (failure.reach === 'change') await this.#giveUp(row, 'it was refused');
    else if (limit !== 0 && attempts >= limit) await this.#giveUp(row, `it was tried ${attempts} times`);
    else await queue.postpone(row.sequence, clock.now() + retryInterval * second);
    if (failure.reach !== 'target' || way !== this.#way) return;
    this.#trouble = failure.message;
    this.#pausedUntil = clock.now() + retryInterval * second;
    this.#hangUp();
  }

  async #giveUp({ sequence, trackingId, account }: WaitingDelivery, why: string): Promise<void> {
    const message = `The change of ${account} is not sent to ${this.#target.name} any more: ${why}`;
    const told = { number: 4100, trackingId, account, target: this.#target, message };
    await this.#options.queue.finish(sequence, () => [told]);
  }

  #connect(): Promise<NotificationSender> {
    if (this.#sender !== undefined) return this.#sender;
    const opening = this.#options.channel.open(this.#target);
    this.#sender = opening;
    opening.catch(() => {
      if (this.#sender === opening) this.#sender = undefined;
    });
    return opening;
  }

  #hangUp(): void {
    const sender = this.#sender;
    this.#sender = undefined;
    this.#way += 1;
    // Whether it opens late or not at all, nobody waits for it any more.
    sender?.then((open) => open.close()).catch(() => undefined);
  }

  #beatLater(): void {
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
    const { keepAliveInterval } = this.#target;
    if (keepAliveInterval === 0 || this.#stopped) return;
    // Timers of Node end at 2^31 ms.
    const delay = Math.min(keepAliveInterval * second, 0x7fff_ffff);
    this.#cancelBeat = this.#options.clock.schedule(delay, () => {
      void this.#beat().finally(() => this.#beatLater());
    });
  }

  async #beat(): Promise<void> {
    const { queue, clock, log, channel, lastCaptured } = this.#options;
    const { waiting, oldest } = queue.counts();
    try {
      const sender = await this.#connect();
      await sender.heartbeat({ queued: waiting, oldest, lastCaptured: lastCaptured() });
      // Not the pause alone: what failed just after another status message did is put off without one.
      const wasAway = this.#trouble !== undefined || this.#pausedUntil > clock.now();
      this.#trouble = undefined;
      this.#pausedUntil = 0;
      if (wasAway) {
        await queue.hasten();
        this.wake();
      }
    } catch (error) {
      const failure = channel.explain(error);
      this.#trouble = failure.message;
      this.#hangUp();
      const { name } = this.#target;
      log({
        number: 4004,
        target: this.#target,
        message: `${name} did not answer a status message: ${failure.message}`,
      });
    }
  }
}
