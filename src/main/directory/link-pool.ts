/** An idle link is closed after this, milliseconds. */
const idleLimit = 60_000;

/** Something open that is used again and again. */
export interface PooledLink {
  /** Of no more use; thrown away when it comes back. */
  readonly closed: boolean;
  close(): Promise<void>;
}

export interface LinkPoolOptions<L extends PooledLink> {
  /** Links at the same time. */
  readonly size: number;
  /** How many may use one link at a time once there are `size` of them; 1 where absent. */
  readonly share?: number;
  open(signal: AbortSignal): Promise<L>;
  /** What a caller gets who cannot be served any more: `aborted` or after `close`. */
  refuse(reason: 'aborted' | 'closed'): Error;
}

interface Member<L> {
  readonly link: L;
  users: number;
  /** Since when nobody uses it, by `performance.now()`. */
  idleSince: number;
}

interface Waiter<L> {
  readonly resolve: (member: Member<L> | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Links of one agent that are opened as needed and used again; a broken one is thrown away, nothing is tried twice. */
export class LinkPool<L extends PooledLink> {
  readonly #options: LinkPoolOptions<L>;
  readonly #share: number;
  /** Those that are of use, idle or not. */
  readonly #members = new Set<Member<L>>();
  /** The one used last comes last. */
  readonly #idle: Member<L>[] = [];
  readonly #waiting = new Set<Waiter<L>>();
  #opening = 0;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LinkPoolOptions<L>) {
    this.#options = options;
    this.#share = options.share ?? 1;
  }

  /** Runs `work` on a link that at most `share` use at a time. */
  async use<T>(signal: AbortSignal, work: (link: L) => Promise<T>): Promise<T> {
    const member = this.#takeIdle() ?? (await this.#take(signal));
    try {
      return await work(member.link);
    } finally {
      this.#give(member);
    }
  }

  /** Closes what is idle and whatever comes back; turns away who waits. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { reject } of this.#waiting) reject(this.#options.refuse('closed'));
    this.#waiting.clear();
    await Promise.all(this.#idle.splice(0).map((member) => this.#drop(member)));
  }

  #takeIdle(): Member<L> | undefined {
    for (let member = this.#idle.pop(); member !== undefined; member = this.#idle.pop()) {
      if (!member.link.closed) return occupy(member);
      this.#members.delete(member);
    }
    return undefined;
  }

  async #take(signal: AbortSignal): Promise<Member<L>> {
    if (this.#closed) throw this.#options.refuse('closed');
    if (this.#members.size + this.#opening < this.#options.size) this.#opening += 1;
    else {
      const given = this.#findShared() ?? (await this.#wait(signal));
      if (given !== undefined) return given;
    }
    try {
      const member = { link: await this.#options.open(signal), users: 1, idleSince: 0 };
      this.#opening -= 1;
      this.#members.add(member);
      while (member.users < this.#share && this.#serveNext(member));
      return member;
    } catch (error) {
      this.#opening -= 1;
      this.#serveNext(undefined);
      throw error;
    }
  }

  /** The link with the fewest users that has room for one more. */
  #findShared(): Member<L> | undefined {
    let found: Member<L> | undefined;
    for (const member of this.#members)
      if (member.users < (found?.users ?? this.#share) && !member.link.closed) found = member;
    return found && occupy(found);
  }

  #wait(signal: AbortSignal): Promise<Member<L> | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<Member<L> | undefined>();
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

  #give(member: Member<L>): void {
    member.users -= 1;
    if (member.link.closed || (this.#closed && member.users === 0)) {
      const wasOfUse = this.#members.has(member);
      void this.#drop(member);
      // One link fewer: whoever waits may open a new one.
      if (wasOfUse) this.#serveNext(undefined);
      return;
    }
    if (this.#serveNext(member) || member.users > 0) return;
    member.idleSince = performance.now();
    this.#idle.push(member);
    this.#sweep ??= setInterval(() => this.#closeIdle(), idleLimit / 2).unref();
  }

  /** Whether somebody waited, who goes on with the link or, without one, opens another; the place is theirs at once. */
  #serveNext(member: Member<L> | undefined): boolean {
    const [next] = this.#waiting;
    if (next === undefined) return false;
    this.#waiting.delete(next);
    if (member === undefined) this.#opening += 1;
    next.resolve(member && occupy(member));
    return true;
  }

  #drop(member: Member<L>): Promise<void> {
    this.#members.delete(member);
    return member.link.close();
  }

  #closeIdle(): void {
    const limit = performance.now() - idleLimit;
    while ((this.#idle[0]?.idleSince ?? limit) < limit) {
      const oldest = this.#idle.shift();
      if (oldest !== undefined) void this.#drop(oldest);
    }
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

function occupy<L>(member: Member<L>): Member<L> {
  member.users += 1;
  return member;
}
