import type { Clock } from '#engine/clock.ts';

import type { AccountState, DomainReader } from './account-state.ts';
import type { HeldRow } from './capture-queue.ts';
import { type Baseline, type CommitVerdict, findCommitted } from './commit-decision.ts';

/** A read inside the DC's transaction must be done well before the hook's own deadline. */
const baselineLimit = 150;
const pollLimit = 5_000;
/** Each wait is this share of the time already waited, so that the delay seen stays in proportion. */
const pollGrowth = 0.2;
const shortestPoll = 3;
const longestPoll = 1_000;

export type HeldEnding = Exclude<CommitVerdict, 'open'> | 'refused';

export interface CommitWatchOptions {
  readonly reader: DomainReader;
  readonly clock: Clock;
  /** Milliseconds after which a change that the directory does not show was refused. */
  readonly holdTime: number;
  /** Called once a change is decided, for one account in the order of its changes; a failure is tried again. */
  readonly settle: (row: HeldRow, ending: HeldEnding, state: AccountState | undefined) => Promise<void>;
  readonly report: (problem: string) => void;
}

interface Watched {
  row: HeldRow;
  readonly since: number;
  ending: HeldEnding | undefined;
  state: AccountState | undefined;
  cancel: (() => void) | undefined;
}

/**
 * Holds each change until the directory shows that it was committed, or that it was not.
 *
 * The hook runs inside the domain controller's transaction, and transactions run one after another. So what the
 * directory shows during a hook is the state before that change, and the fate of every earlier one.
 */
export class CommitWatch {
  readonly #options: CommitWatchOptions;
  readonly #accounts = new Map<string, Watched[]>();
  /** Versions seen lately, for the case that a read does not come through inside the transaction. */
  readonly #recent = new Map<string, { readonly version: number; readonly at: number }>();
  readonly #settling = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(options: CommitWatchOptions) {
    this.#options = options;
  }

  /** Changes that are not decided yet. */
  get size(): number {
    let size = 0;
    for (const watched of this.#accounts.values()) size += watched.length;
    return size;
  }

  /** Whether a change of this account is being decided, so that others should not judge its version. */
  isWatching(account: string): boolean {
    return this.#accounts.has(foldAccount(account));
  }

  /** To be called while the hook waits: reads the account and decides its earlier changes. */
  async readBaseline(account: string): Promise<Baseline> {
    const key = foldAccount(account);
    let state: AccountState | undefined;
    try {
      state = await this.#options.reader.findAccount(account, baselineLimit);
    } catch {
      // The earlier ones stay undecided: any of them may be the password in force if this change is refused.
      return { kind: 'remembered', version: this.#recent.get(key)?.version ?? 0 };
    }
    this.#judge(key, state, 'settled');
    const version = state?.password?.version ?? 0;
    this.#remember(key, version);
    return { kind: 'exact', version };
  }

  /** Watches a change whose hook was answered. */
  add(row: HeldRow): void {
    const key = foldAccount(row.hookAccount);
    const watched: Watched = {
      row,
      since: this.#options.clock.now(),
      ending: undefined,
      state: undefined,
      cancel: undefined,
    };
    const queue = this.#accounts.get(key);
    if (queue === undefined) this.#accounts.set(key, [watched]);
    else queue.push(watched);
    this.#pollLater(key, watched);
  }

  stop(): void {
    this.#stopped = true;
    for (const queue of this.#accounts.values()) for (const watched of queue) watched.cancel?.();
  }

  /**
   * Decides what `state` shows of the account's changes: all of them where it is `settled`, since no transaction of
   * theirs is under way any more. Returns what it says of those that stay undecided.
   */
  #judge(
    key: string,
    state: AccountState | undefined,
    moment: 'settled' | 'passing',
  ): 'open' | 'unclear' | undefined {
    const open = (this.#accounts.get(key) ?? []).filter(({ ending }) => ending === undefined);
    const rows = open.map(({ row }) => row);
    const found = findCommitted(rows, state, this.#options.holdTime);
    if (found === 'lost') for (const watched of open) this.#end(key, watched, 'lost', state);
    if (found === 'lost') return undefined;
    if (typeof found === 'number') {
      open.forEach((watched, place) => {
        if (place < found) this.#end(key, watched, 'lost', state);
        else if (place === found) this.#end(key, watched, 'committed', state);
        else if (moment === 'settled') this.#end(key, watched, 'refused', state);
        else
          watched.row = {
            ...watched.row,
            baseline: { kind: 'exact', version: state?.password?.version ?? 0 },
          };
      });
      return undefined;
    }
    if (moment === 'settled')
      for (const watched of open) this.#end(key, watched, found === 'open' ? 'refused' : 'lost', state);
    return found;
  }

  #pollLater(key: string, watched: Watched): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    const waited = clock.now() - watched.since;
    const delay = Math.min(longestPoll, Math.max(shortestPoll, Math.round(waited * pollGrowth)));
    watched.cancel = clock.schedule(delay, () => {
      // A directory that is away is told elsewhere, once.
      this.#poll(key, watched).catch(() => this.#pollLater(key, watched));
    });
  }

  async #poll(key: string, watched: Watched): Promise<void> {
    const { reader, clock, holdTime } = this.#options;
    if (watched.ending !== undefined) return;
    const state = await reader.findAccount(watched.row.hookAccount, pollLimit);
    if (watched.ending !== undefined || this.#stopped) return;
    if (state?.password !== undefined) this.#remember(key, state.password.version);
    const found = this.#judge(key, state, 'passing');
    // Reading the ending anew: it may have been set a moment ago.
    if (this.#isDecided(watched)) return;
    if (clock.now() - watched.row.capturedAt < holdTime) this.#pollLater(key, watched);
    else if (found === 'unclear') this.#judge(key, state, 'settled');
    else this.#end(key, watched, 'refused', state);
  }

  #isDecided({ ending }: Watched): boolean {
    return ending !== undefined;
  }

  #end(key: string, watched: Watched, ending: HeldEnding, state: AccountState | undefined): void {
    watched.cancel?.();
    watched.ending = ending;
    watched.state = state;
    // One at a time for an account: a later change must not reach the queue before an earlier one.
    const before = this.#settling.get(key) ?? Promise.resolve();
    const settled = before.then(() => this.#settle(key, watched));
    this.#settling.set(key, settled);
    void settled.then(() => {
      if (this.#settling.get(key) === settled) this.#settling.delete(key);
    });
  }

  async #settle(key: string, watched: Watched): Promise<void> {
    const { settle, clock, report } = this.#options;
    for (let attempt = 1; !this.#stopped; attempt += 1) {
      try {
        await settle(watched.row, watched.ending ?? 'lost', watched.state);
        break;
      } catch (error) {
        if (attempt === 1) report(`${watched.row.hookAccount} is tried again: ${String(error)}`);
        await new Promise<void>((resolve) => {
          watched.cancel = clock.schedule(longestPoll, resolve);
        });
      }
    }
    const left = (this.#accounts.get(key) ?? []).filter((other) => other !== watched);
    if (left.length === 0) this.#accounts.delete(key);
    else this.#accounts.set(key, left);
  }

  #remember(key: string, version: number): void {
    const { clock, holdTime } = this.#options;
    const now = clock.now();
    this.#recent.delete(key);
    this.#recent.set(key, { version, at: now });
    for (const [oldest, { at }] of this.#recent) {
      if (now - at <= holdTime) break;
      this.#recent.delete(oldest);
    }
  }
}

function foldAccount(account: string): string {
  return account.toLowerCase();
}
