import type { Clock } from '#engine/clock.ts';
import type { Seal } from '#engine/seal.ts';
import type { PcnsService, PcnsTarget } from '#shared/model/pcns.ts';

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
    const { log, queue, domain, sourceServer, seal, channel } = this.#options;
    const { trackingId, account } = row;
    try {
      const sender = await this.#connect();
      const { committedAt, version, objectGuid, capturedAt } = row;
      using password = seal.open(row.sealed, sealContext(row));
      const change = {
        trackingId,
        domain,
        account,
        objectGuid,
        sourceServer,
        capturedAt,
        committedAt,
        version,
      };
      await sender.send(change, password);
    } catch (error) {
      await this.#handleFailure(row, channel.explain(error));
      return;
    }
    this.#trouble = undefined;
    if (await queue.finish(row.sequence))
      log({ number: 2100, trackingId, account, message: `The change of ${account} reached every target` });
  }

  async #handleFailure(row: WaitingDelivery, failure: SendFailure): Promise<void> {
    if (this.#stopped) return;
    const { clock, queue, service, log } = this.#options;
    const { maximumNotificationRetries: limit, retryInterval } = service();
    const { trackingId, account } = row;
    const { name } = this.#target;
    const attempts = row.attempts + 1;
    const subject = { trackingId, account, target: this.#target };
    log({ ...subject, number: failure.event, message: `${name}, try ${attempts}: ${failure.message}` });
    if (failure.reach === 'change' || (limit !== 0 && attempts >= limit)) {
      const why = failure.reach === 'change' ? 'it was refused' : `it was tried ${attempts} times`;
      await queue.finish(row.sequence);
      log({
        ...subject,
        number: 4100,
        message: `The change of ${account} is not sent to ${name} any more: ${why}`,
      });
    } else await queue.postpone(row.sequence, clock.now() + retryInterval * second);
    if (failure.reach !== 'target') return;
    this.#trouble = failure.message;
    this.#pausedUntil = clock.now() + retryInterval * second;
    this.#hangUp();
  }

  #connect(): Promise<NotificationSender> {
    this.#sender ??= this.#options.channel.open(this.#target);
    return this.#sender;
  }

  #hangUp(): void {
    const sender = this.#sender;
    this.#sender = undefined;
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
      const wasPaused = this.#pausedUntil > clock.now();
      this.#trouble = undefined;
      this.#pausedUntil = 0;
      if (wasPaused) {
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
