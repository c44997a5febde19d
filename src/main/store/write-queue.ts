/** Milliseconds of work in one transaction; more waits for the next, so that the event loop breathes in between. */
const shortestBatch = 8;
const longestBatch = 16;
/** A write that nobody waits for lets the disk rest this many times as long as the last transaction took. */
const restFactor = 4;
/** Milliseconds that such a write waits at most. */
const longestRest = 25;

interface Write {
  /** Whether it may be lost with the power, and so need not wait for the disk. */
  readonly isRepeatable: boolean;
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How one write of a transaction ended. */
export type Ending = { readonly value: unknown } | { readonly error: unknown };

/** Runs writes in one transaction, each undone alone where it throws. Throws where none of them was written. */
export type Transact = (writes: Iterable<() => unknown>, isRepeatable: boolean) => readonly Ending[];

/** Writes that wait for their transaction: what comes in one turn of the event loop shares one fsync. */
export class WriteQueue {
  readonly #transact: Transact;
  readonly #waiting: Write[] = [];
  #isScheduled = false;
  #isHeld = false;
  #rest: NodeJS.Timeout | undefined;
  /** Milliseconds that the disk took for the last transaction: a slow one is worth gathering more. */
  #diskTime = 0;
  /** When the next write that nobody waits for may begin, by `performance.now()`. */
  #restsUntil = 0;

  constructor(transact: Transact) {
    this.#transact = transact;
  }

  /** Runs `write` in the next transaction, in the order in which writes were added; resolves once that is on disk. */
  add<T>(write: () => T): Promise<T> {
    const written = this.#append(write, false);
    this.#schedule();
    return written;
  }

  /** The same, without waiting for the disk where nothing else is waiting for it. */
  addRepeatable<T>(write: () => T): Promise<T> {
    const written = this.#append(write, true);
    this.#schedule();
    return written;
  }

  /** The same, but waits for more to share the transaction with while the disk has much to do. */
  addAtLeisure<T>(write: () => T): Promise<T> {
    const written = this.#append(write, false);
    const rest = this.#restsUntil - performance.now();
    if (rest <= 0) this.#schedule();
    else
      this.#rest ??= setTimeout(() => {
        this.#rest = undefined;
        this.#schedule();
      }, rest);
    return written;
  }

  /** Begins no transaction until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Writes everything that waits, before it returns. */
  drain(): void {
    while (this.#waiting.length > 0) this.#flush();
    clearTimeout(this.#rest);
  }

  #append<T>(run: () => T, isRepeatable: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ isRepeatable, run, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isHeld) return;
    this.#isScheduled = true;
    // After the poll phase: everything that the sockets brought in this turn comes along.
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isHeld) this.#flush();
    });
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    clearTimeout(this.#rest);
    this.#rest = undefined;
    const begin = performance.now();
    const room = Math.min(Math.max(this.#diskTime, shortestBatch), longestBatch);
    const taken: Write[] = [];
    let worked = begin;
    try {
      const writes = this.#take(taken, begin + room, (now) => {
        worked = now;
      });
      const endings = this.#transact(
        writes,
        this.#waiting.every(({ isRepeatable }) => isRepeatable),
      );
      this.#diskTime = performance.now() - worked;
      this.#waiting.splice(0, taken.length);
      for (const [index, ending] of endings.entries()) {
        if ('error' in ending) taken[index]?.reject(ending.error);
        else taken[index]?.resolve(ending.value);
      }
    } catch (error) {
      // Where no transaction even begins, nobody is left waiting for the next.
      for (const write of this.#waiting.splice(0, taken.length || this.#waiting.length)) write.reject(error);
    }
    const end = performance.now();
    this.#restsUntil = end + Math.min((end - begin) * restFactor, longestRest);
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** The next writes until `deadline`, one at least; notes them in `taken`, and tells when each was done. */
  *#take(taken: Write[], deadline: number, done: (now: number) => void): Generator<() => unknown> {
    for (const write of this.#waiting) {
      taken.push(write);
      yield write.run;
      const now = performance.now();
      done(now);
      if (now >= deadline) return;
    }
  }
}
