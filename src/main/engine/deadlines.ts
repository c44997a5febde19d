import { PasswordFailure } from '#shared/model/password-failure.ts';

import type { Clock } from './clock.ts';

/** How long an operation may take to end after it was told to, milliseconds. */
const grace = 2000;

interface Entry {
  readonly abort: AbortController;
  readonly limit: number;
  deadline: number;
  isTold: boolean;
  abandon: (failure: PasswordFailure) => void;
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** Begins the time limit anew, for the next operation of the same work. */
  renew(): void;
}

/**
 * Time limits of the operations on one target, with one timer for all of them: a timer each would cost more than
 * the rest of a delivery.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #entries = new Set<Entry>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs `work` and tells it to end when one of its operations takes longer than `limit` milliseconds. Throws
   * `PasswordFailure` `timeout` of unknown certainty where it does not end even then; it is left to itself.
   */
  async run<T>(limit: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const entry: Entry = {
      abort,
      limit,
      deadline: this.#clock.now() + limit,
      isTold: false,
      abandon: () => undefined,
    };
    const abandoned = new Promise<never>((_, reject) => {
      entry.abandon = reject;
    });
    this.#entries.add(entry);
    this.#arm(entry.deadline);
    const renew = (): void => {
      if (!entry.isTold) entry.deadline = this.#clock.now() + limit;
    };
    try {
      return await Promise.race([work({ signal: abort.signal, renew }), abandoned]);
    } finally {
      // The timer stays: under load the next work needs it, and one that fires for nothing is harmless.
      this.#entries.delete(entry);
    }
  }

  /** Tells everything that runs to end. */
  abortAll(): void {
    for (const entry of this.#entries) {
      if (!entry.isTold) this.#tell(entry);
      this.#arm(entry.deadline);
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries) {
      if (entry.deadline <= now) {
        if (entry.isTold) {
          entry.abandon(late(entry.limit));
          continue;
        }
        this.#tell(entry);
      }
      next = Math.min(next, entry.deadline);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next);
  }

  #tell(entry: Entry): void {
    entry.isTold = true;
    entry.deadline = this.#clock.now() + grace;
    entry.abort.abort(late(entry.limit));
  }

  #arm(at: number): void {
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = this.#clock.schedule(at - this.#clock.now(), () => this.#check());
    this.#timer = { at, cancel };
  }
}

function late(limit: number): PasswordFailure {
  return new PasswordFailure('timeout', `No answer within ${limit / 1000} s`, { certainty: 'unknown' });
}
