import type { Clock } from '#engine/clock.ts';

interface Timer {
  at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 1, 12);
  readonly #timers = new Set<Timer>();
  #order = 0;

  now(): number {
    return this.#now;
  }

  /** Timers that wait: an idle engine has none, or one that is far away. */
  get waiting(): number {
    return this.#timers.size;
  }

  schedule(delay: number, run: () => void): () => void {
    this.#order += 1;
    const timer = { at: this.#now + Math.max(0, delay), order: this.#order, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(delay, resolve);
    });
  }

  /** Moves on, running what falls due on the way and letting promises settle after each. */
  async move(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.run();
      await settled();
    }
    this.#now = end;
  }

  /** Sets the time as an administrator does; what was scheduled comes after as long as before. */
  adjust(by: number): void {
    this.#now += by;
    for (const timer of this.#timers) timer.at += by;
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.at <= end && (next === undefined || isBefore(timer, next))) next = timer;
    return next;
  }
}

/** Resolves when everything has happened that needs no time to go on: a set, its commit, and the next of both. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

function isBefore(left: Timer, right: Timer): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}
