import { randomUUID } from 'node:crypto';

import type { Clock } from '#engine/clock.ts';
import type { Seal } from '#engine/seal.ts';
import { trackingIdSchema } from '#shared/model/change.ts';

import type { CaptureQueue } from './capture-queue.ts';
import type { Baseline } from './commit-decision.ts';
import type { CommitWatch } from './commit-watch.ts';
import type { HookMessage } from './hook-message.ts';
import { sealContext } from './seal-context.ts';

export interface CaptureServiceOptions {
  readonly queue: CaptureQueue;
  readonly seal: Seal;
  readonly watch: CommitWatch;
  readonly clock: Clock;
  /** What the hook does when it gives up waiting, as it is configured. */
  readonly whenAway: 'open' | 'closed';
}

/** Takes over what the hook hands in: sealed at once, on disk before the hook is answered, then watched. */
export class CaptureService {
  readonly #options: CaptureServiceOptions;
  readonly #accounts = new Map<string, Promise<void>>();

  constructor(options: CaptureServiceOptions) {
    this.#options = options;
  }

  /**
   * Resolves once the password is safe. The message's password is wiped in any case. `isWaiting` tells whether the
   * hook still waits, and with it the directory's transaction.
   */
  receive({ account, password }: HookMessage, isWaiting: () => boolean): Promise<void> {
    const { queue, seal } = this.#options;
    const capturedAt = this.#options.clock.now();
    const sequence = queue.nextSequence();
    const trackingId = trackingIdSchema.parse(randomUUID());
    const identity = { trackingId, hookAccount: account, sequence };
    let sealed: Uint8Array;
    try {
      sealed = seal.seal(password, sealContext(identity));
    } finally {
      password.wipe();
    }
    // A hook that gave up may still be at work here when the account's next one comes.
    const key = account.toLowerCase();
    const before = this.#accounts.get(key) ?? Promise.resolve();
    const held = before
      .catch(() => undefined)
      .then(() => this.#hold({ ...identity, capturedAt, sealed }, isWaiting));
    this.#accounts.set(key, held);
    const forget = () => {
      if (this.#accounts.get(key) === held) this.#accounts.delete(key);
    };
    held.then(forget, forget);
    return held;
  }

  async #hold(
    row: Omit<Parameters<CommitWatch['add']>[0], 'baseline'>,
    isWaiting: () => boolean,
  ): Promise<void> {
    const { queue, watch, whenAway } = this.#options;
    let baseline: Baseline = await watch.readBaseline(row.hookAccount);
    if (!isWaiting()) {
      // The hook refused the change itself, or let it pass before this look at the directory.
      if (whenAway === 'closed') return;
      baseline = { kind: 'remembered', version: undefined };
    }
    const held = { ...row, baseline };
    await queue.hold(held);
    if (whenAway === 'closed' && !isWaiting()) await queue.discard(row.sequence);
    else watch.add(held);
  }
}
