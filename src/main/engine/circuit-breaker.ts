import type { Clock } from './clock.ts';

/** `open`: deliveries wait. `half-open`: the target is being asked whether it answers. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Outages in a row that open the circuit. */
const threshold = 3;
/** The longest pause between two probes, milliseconds; a longer retry interval stays as it is. */
const longestPause = 300_000;

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Resolves when the target answers. */
  readonly probe: () => Promise<void>;
  /** First pause before a probe, milliseconds; each further one is twice as long. */
  readonly pause: () => number;
  readonly changed: (state: BreakerState) => void;
  /** Told once when the target is given up, with what it last failed with. */
  readonly opened: (reason: string) => void;
}

/** Keeps deliveries back from a target that is down, so that waiting for it uses up no attempts. */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #state: BreakerState = 'closed';
  #failures = 0;
  #probes = 0;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** The target answered, whatever it said. */
  succeed(): void {
    this.#failures = 0;
    if (this.#state === 'closed') return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#probes = 0;
    this.#move('closed');
  }

  /** The target could not be reached or used. */
  fail(reason: string): void {
    this.#failures += 1;
    if (this.#state !== 'closed' || this.#failures < threshold || this.#stopped) return;
    this.#move('open');
    this.#options.opened(reason);
    this.#schedule();
  }

  /** Asks at once instead of at the end of the pause; does nothing to a closed circuit. */
  probeNow(): void {
    if (this.#state !== 'open' || this.#stopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#probes = 0;
    void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    const first = this.#options.pause();
    const pause = Math.min(first * 2 ** this.#probes, Math.max(first, longestPause));
    this.#probes += 1;
    this.#cancel = this.#options.clock.schedule(pause, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    this.#move('half-open');
    try {
      await this.#options.probe();
    } catch {
      // A delivery of before that succeeded meanwhile has closed the circuit.
      if (this.#state !== 'half-open' || this.#stopped) return;
      this.#move('open');
      this.#schedule();
      return;
    }
    if (this.#state === 'half-open' && !this.#stopped) this.succeed();
  }

  #move(state: BreakerState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}
