import type { PcnsTarget } from '#shared/model/pcns.ts';

import type { CaptureEventSink } from './event-log.ts';

const minute = 60_000;

/** Tells when a target's queue reaches its warning level (4005), again every interval, and when it falls below (2005). */
export class QueueWarning {
  readonly #log: CaptureEventSink;
  #warnedAt: number | undefined;

  constructor(log: CaptureEventSink) {
    this.#log = log;
  }

  check(target: PcnsTarget, waiting: number, now: number): void {
    const { name, queueWarningLevel: level, queueWarningInterval: interval } = target;
    if (level === 0 || waiting < level) {
      if (this.#warnedAt !== undefined && level !== 0)
        this.#log({
          number: 2005,
          target,
          message: `The queue of ${name} fell below its warning level of ${level}: ${waiting} wait`,
        });
      this.#warnedAt = undefined;
      return;
    }
    if (this.#warnedAt !== undefined && now - this.#warnedAt < interval * minute) return;
    this.#warnedAt = now;
    this.#log({
      number: 4005,
      target,
      message: `The queue of ${name} reached its warning level of ${level}: ${waiting} wait`,
    });
  }
}
