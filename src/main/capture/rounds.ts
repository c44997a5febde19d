import type { Clock } from '#engine/clock.ts';
import { messageOf } from '#shared/model/message-of.ts';

export interface Round {
  /** What a failure is reported about. */
  readonly name: string;
  /** Milliseconds between the end of one run and the start of the next. */
  readonly interval: number;
  readonly run: () => Promise<void>;
}

export interface RoundsOptions {
  readonly clock: Clock;
  readonly rounds: readonly Round[];
  readonly report: (problem: string) => void;
}

const firstRetry = 500;
/** A run that takes long is not started again before this many times its length: the directory has other work. */
const restShare = 10;

/** Runs what is to be done again and again, each on its own; a failure is told once and tried again soon. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #cancels = new Map<Round, () => void>();
  readonly #failing = new Map<Round, string>();
  #stopped = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** Resolves once the first of them was run; the others follow on their own. */
  async start(): Promise<void> {
    const [first, ...others] = this.#options.rounds;
    if (first !== undefined) await this.#run(first);
    for (const round of others) void this.#run(round);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels.values()) cancel();
  }

  async #run(round: Round): Promise<void> {
    const { clock, report } = this.#options;
    const began = clock.now();
    let delay = round.interval;
    try {
      await round.run();
      this.#failing.delete(round);
    } catch (error) {
      const problem = `${round.name}: ${messageOf(error)}`;
      if (this.#failing.get(round) !== problem && !this.#stopped) report(problem);
      this.#failing.set(round, problem);
      delay = Math.min(delay, firstRetry);
    }
    if (this.#stopped) return;
    const rest = (clock.now() - began) * restShare;
    this.#cancels.set(
      round,
      clock.schedule(Math.max(delay, rest), () => void this.#run(round)),
    );
  }
}
