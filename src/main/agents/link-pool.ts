/** An idle link is closed after this, milliseconds. */
const idleLimit = 60_000;

/** Something open that only one may use at a time. */
export interface PooledLink {
  /** Of no more use; thrown away when it comes back. */
  readonly closed: boolean;
  close(): Promise<void>;
}

export interface LinkPoolOptions<L extends PooledLink> {
  /** Links at the same time. */
  readonly size: number;
  open(signal: AbortSignal): Promise<L>;
  /** What a caller gets who cannot be served any more: `aborted` or after `close`. */
  refuse(reason: 'aborted' | 'closed'): Error;
}

interface Waiter<L> {
  readonly resolve: (link: L | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Links of one agent that are opened as needed and used again; nothing is tried twice. */
export class LinkPool<L extends PooledLink> {
  readonly #options: LinkPoolOptions<L>;
  readonly #idle: { readonly link: L; readonly since: number }[] = [];
  readonly #waiting = new Set<Waiter<L>>();
  /** Open or being opened. */
  #open = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LinkPoolOptions<L>) {
    this.#options = options;
  }

  /** Runs `work` on a link that nobody else uses meanwhile. */
  async use<T>(signal: AbortSignal, work: (link: L) => Promise<T>): Promise<T> {
    const link = this.#takeIdle() ?? (await this.#take(signal));
    try {
      return await work(link);
    } finally {
      this.#give(link);
    }
  }

  /** Closes what is idle and whatever comes back; turns away who waits. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { reject } of this.#waiting) reject(this.#options.refuse('closed'));
    this.#waiting.clear();
    await Promise.all(this.#idle.splice(0).map(({ link }) => link.close()));
  }

  #takeIdle(): L | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.link.closed) return idle.link;
      this.#open -= 1;
    }
    return undefined;
  }

  async #take(signal: AbortSignal): Promise<L> {
    if (this.#closed) throw this.#options.refuse('closed');
    if (this.#open >= this.#options.size) {
      const given = await this.#wait(signal);
      if (given !== undefined) return given;
    }
    this.#open += 1;
    try {
      return await this.#options.open(signal);
    } catch (error) {
      this.#makeRoom();
      throw error;
    }
  }

  #wait(signal: AbortSignal): Promise<L | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<L | undefined>();
    const waiter = { resolve, reject };
    const onAbort = (): void => {
      this.#waiting.delete(waiter);
      reject(this.#options.refuse('aborted'));
    };
    if (signal.aborted) onAbort();
    else this.#waiting.add(waiter);
    signal.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  #give(link: L): void {
    if (link.closed || this.#closed) {
      void link.close();
      this.#makeRoom();
      return;
    }
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      next.resolve(link);
      return;
    }
    this.#idle.push({ link, since: performance.now() });
    this.#sweep ??= setInterval(() => this.#closeIdle(), idleLimit / 2).unref();
  }

  /** One link fewer: whoever waits may open a new one. */
  #makeRoom(): void {
    this.#open -= 1;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next.resolve(undefined);
  }

  #closeIdle(): void {
    const limit = performance.now() - idleLimit;
    for (let oldest = this.#idle[0]; oldest !== undefined && oldest.since < limit; oldest = this.#idle[0]) {
      this.#idle.shift();
      this.#open -= 1;
      void oldest.link.close();
    }
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}
