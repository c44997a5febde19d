import type { Clock } from './clock.ts';
import type { Queue } from './queue.ts';
import type { Telling } from './telling.ts';

/** Deliveries ended in one commit. */
const page = 500;
/** Least time between two sweeps, milliseconds: deliveries of one moment end together. */
const leastPause = 1000;
/** Pause after the store failed, milliseconds. */
const failurePause = 60_000;

export interface ExpiryWatchOptions {
  readonly clock: Clock;
  readonly queue: Queue;
  readonly telling: Telling;
  readonly agentName: (agent: string) => string;
}

/** Ends deliveries that wait or are parked beyond their time, each with its event. Sleeps until the next one. */
export class ExpiryWatch {
  readonly #options: ExpiryWatchOptions;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #sweeping: Promise<void> | undefined;
  #isRunning = false;

  constructor(options: ExpiryWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    this.#sweeping = this.#sweep();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#sweeping;
  }

  /** Something will expire at this moment. */
  expect(at: number): void {
    if (this.#isRunning) this.#arm(at);
  }

  async #sweep(): Promise<void> {
    const { clock, queue } = this.#options;
    try {
      while (this.#isRunning) {
        const next = queue.nextExpiryAt();
        const now = clock.now();
        if (next === undefined) return;
        if (next > now) {
          this.#arm(next);
          return;
        }
        if ((await this.#expire(now)) === 0) {
          this.#arm(now + leastPause);
          return;
        }
      }
    } catch {
      // The lanes meet the same failure and tell of it.
      if (this.#isRunning) this.#arm(clock.now() + failurePause);
    }
  }

  async #expire(now: number): Promise<number> {
    const { queue, telling, agentName } = this.#options;
    const expired = await queue.expire(now, page);
    for (const { trackingId, account, target: agent } of expired) {
      const message = `The password of ${account} was not set on "${agentName(agent)}": it waited longer than allowed`;
      telling.log({ number: 7005, message, trackingId, account, agent });
    }
    if (expired.length > 0) telling.observe({ kind: 'moved', at: now, count: expired.length });
    return expired.length;
  }

  #arm(at: number): void {
    const { clock } = this.#options;
    const due = Math.max(at, clock.now() + leastPause);
    if (this.#timer !== undefined && this.#timer.at <= due) return;
    this.#timer?.cancel();
    const cancel = clock.schedule(due - clock.now(), () => {
      this.#timer = undefined;
      this.#sweeping = this.#sweep();
    });
    this.#timer = { at: due, cancel };
  }
}
