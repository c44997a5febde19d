import type { Clock } from '#engine/clock.ts';
import type { AgentId, Outcome } from '#shared/model/change.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Between two looks at the queue, milliseconds. */
const sampleInterval = 10_000;
/** Each step of the latency scale is this much longer than the one before; percentiles are as exact as a step. */
const growth = 1.15;

export interface RecentHourParts {
  readonly clock: Clock;
  readonly depth: () => { readonly waiting: number; readonly parked: number };
}

interface MinuteTally {
  readonly at: number;
  /** Deliveries by their step on the latency scale. */
  readonly latencies: Map<number, number>;
  readonly outcomes: Map<AgentId, Map<Outcome, number>>;
}

export interface DepthSample {
  readonly at: number;
  readonly waiting: number;
  readonly parked: number;
}

export interface LatencyMinute {
  /** When the minute began. */
  readonly at: number;
  readonly deliveries: number;
  /** From received to delivered, milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What charts show of the last hour. Kept in memory: a start begins a new hour. */
export class RecentHour {
  readonly #parts: RecentHourParts;
  readonly startedAt: number;
  #samples: DepthSample[] = [];
  #minutes: MinuteTally[] = [];
  #cancel: (() => void) | undefined;

  constructor(parts: RecentHourParts) {
    this.#parts = parts;
    this.startedAt = parts.clock.now();
  }

  /** Looks at the queue from now on, until `stop`. */
  start(): void {
    const { clock } = this.#parts;
    const since = clock.now() - hour;
    this.#samples = [...this.#samples.filter(({ at }) => at > since), this.#sample()];
    // A look is the start of the next wait.
    this.#cancel = clock.schedule(sampleInterval, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** A delivery ended `latency` milliseconds after it was received. */
  countSettled(target: AgentId, outcome: Outcome, latency: number): void {
    const tally = this.#minuteOf(this.#parts.clock.now());
    const outcomes = tally.outcomes.get(target) ?? new Map<Outcome, number>();
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    tally.outcomes.set(target, outcomes);
    if (outcome !== 'delivered') return;
    const step = Math.max(0, Math.ceil(Math.log(Math.max(1, latency)) / Math.log(growth)));
    tally.latencies.set(step, (tally.latencies.get(step) ?? 0) + 1);
  }

  /** The queue of the last hour, ending with now. */
  depths(): readonly DepthSample[] {
    const since = this.#parts.clock.now() - hour;
    return [...this.#samples.filter(({ at }) => at > since), this.#sample()];
  }

  /** Only minutes in which something was delivered. */
  latencies(): readonly LatencyMinute[] {
    return this.#recent().flatMap(({ at, latencies }) => {
      const deliveries = [...latencies.values()].reduce((sum, count) => sum + count, 0);
      if (deliveries === 0) return [];
      return [{ at, deliveries, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }];
    });
  }

  outcomes(): ReadonlyMap<AgentId, ReadonlyMap<Outcome, number>> {
    const totals = new Map<AgentId, Map<Outcome, number>>();
    for (const { outcomes } of this.#recent())
      for (const [target, counts] of outcomes) {
        const total = totals.get(target) ?? new Map<Outcome, number>();
        for (const [outcome, count] of counts) total.set(outcome, (total.get(outcome) ?? 0) + count);
        totals.set(target, total);
      }
    return totals;
  }

  #sample(): DepthSample {
    return { at: this.#parts.clock.now(), ...this.#parts.depth() };
  }

  #recent(): readonly MinuteTally[] {
    const since = this.#parts.clock.now() - hour;
    return this.#minutes.filter(({ at }) => at > since);
  }

  #minuteOf(now: number): MinuteTally {
    const at = Math.floor(now / minute) * minute;
    const last = this.#minutes.at(-1);
    if (last?.at === at) return last;
    const tally: MinuteTally = { at, latencies: new Map(), outcomes: new Map() };
    this.#minutes = [...this.#recent(), tally];
    return tally;
  }
}

function percentile(latencies: ReadonlyMap<number, number>, part: number): number {
  const steps = [...latencies].sort(([one], [other]) => one - other);
  const wanted = part * steps.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [step, count] of steps) {
    seen += count;
    if (seen >= wanted) return Math.round(growth ** step);
  }
  return 0;
}
