import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import type { AttemptTimings } from '#engine/observation.ts';
import type { AgentId, Attempt, Outcome } from '#shared/model/change.ts';
import type { QueueView } from '#store/queue-view.ts';

import type { AgentNames } from '../agent-names.ts';

const prefix = 'carillon_';
/** Seconds; the first ones tell fast directories apart, the last ones see a target come back after a night. */
const latencyBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600, 43_200];

export interface MetricSources {
  readonly names: AgentNames;
  readonly queue: QueueView;
  readonly now: () => number;
  /** Whether the circuit breaker of a target is open. */
  readonly isOpen: (agent: AgentId) => boolean;
  /** Deliveries at work on a target. */
  readonly busy: (agent: AgentId) => number;
}

/** The numbers of one service, as Prometheus text. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #accepted: Counter;
  readonly #refused: Counter<'event'>;
  readonly #attempts: Counter<'target' | 'result'>;
  readonly #latency: Histogram<'target' | 'outcome'>;
  readonly #operations: Histogram<'target' | 'operation'>;
  readonly #events: Counter<'event' | 'severity'>;
  readonly #names: AgentNames;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    this.#names = sources.names;
    collectDefaultMetrics({ register: this.#registry });
    this.#accepted = new Counter({
      name: `${prefix}changes_accepted_total`,
      help: 'Password changes received and on disk',
      registers,
    });
    this.#refused = new Counter({
      name: `${prefix}changes_refused_total`,
      help: 'Password changes that went nowhere, by event number',
      labelNames: ['event'],
      registers,
    });
    this.#attempts = new Counter({
      name: `${prefix}delivery_attempts_total`,
      help: 'Tries of deliveries, by target and result',
      labelNames: ['target', 'result'],
      registers,
    });
    this.#latency = new Histogram({
      name: `${prefix}delivery_seconds`,
      help: 'Time from received to recorded',
      labelNames: ['target', 'outcome'],
      buckets: latencyBuckets,
      registers,
    });
    this.#operations = new Histogram({
      name: `${prefix}target_operation_seconds`,
      help: 'Time of one operation on a target: set, verify',
      labelNames: ['target', 'operation'],
      buckets: latencyBuckets,
      registers,
    });
    this.#events = new Counter({
      name: `${prefix}events_total`,
      help: 'Logged events, by number',
      labelNames: ['event', 'severity'],
      registers,
    });
    this.#registerGauges(sources);
  }

  countAccepted(): void {
    this.#accepted.inc();
  }

  countRefused(event: number): void {
    this.#refused.inc({ event });
  }

  countAttempt(target: string, { result }: Attempt, timings: AttemptTimings | undefined): void {
    const name = this.#nameOf(target);
    this.#attempts.inc({ target: name, result });
    if (timings === undefined) return;
    this.#operations.observe({ target: name, operation: 'set' }, timings.setMs / 1000);
    if (timings.verifyMs !== undefined)
      this.#operations.observe({ target: name, operation: 'verify' }, timings.verifyMs / 1000);
  }

  observeSettled(target: string, outcome: Outcome, milliseconds: number): void {
    this.#latency.observe({ target: this.#nameOf(target), outcome }, milliseconds / 1000);
  }

  countEvent(event: number, severity: string): void {
    this.#events.inc({ event, severity });
  }

  /** The Prometheus text exposition. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #nameOf(target: string): string {
    return this.#names.all.find(({ id }) => id === target)?.name ?? target;
  }

  #registerGauges({ names, queue, now, isOpen, busy }: MetricSources): void {
    const nameOf = (target: string) => this.#nameOf(target);
    const gauge = <L extends string>(
      name: string,
      help: string,
      labelNames: readonly L[],
      collect: (own: Gauge<L>) => void,
    ): void => {
      new Gauge({
        name: `${prefix}${name}`,
        help,
        labelNames,
        registers: [this.#registry],
        collect() {
          this.reset();
          collect(this);
        },
      });
    };
    gauge('queue_deliveries', 'Deliveries that wait or are parked', ['target', 'state'], (own) => {
      for (const { target, waiting, parked } of queue.depths()) {
        own.set({ target: nameOf(target), state: 'waiting' }, waiting);
        own.set({ target: nameOf(target), state: 'parked' }, parked);
      }
    });
    gauge('queue_oldest_seconds', 'Age of the oldest delivery', ['target'], (own) => {
      for (const { target, oldestReceivedAt } of queue.depths())
        own.set(
          { target: nameOf(target) },
          oldestReceivedAt === undefined ? 0 : (now() - oldestReceivedAt) / 1000,
        );
    });
    gauge('target_open', '1 while the circuit breaker keeps deliveries back', ['target'], (own) => {
      for (const { id, name, password } of names.all)
        if (password.enabled) own.set({ target: name }, isOpen(id) ? 1 : 0);
    });
    gauge('target_busy', 'Deliveries at work', ['target'], (own) => {
      for (const { id, name, password } of names.all)
        if (password.enabled) own.set({ target: name }, busy(id));
    });
    const deliveries = new Counter({
      name: `${prefix}deliveries_total`,
      help: 'Ended deliveries since the store was made, by target and outcome',
      labelNames: ['target', 'outcome'],
      registers: [this.#registry],
      // Counted by the store, so that a restart loses nothing.
      collect() {
        this.reset();
        for (const { target, outcome, count } of queue.tallies())
          this.inc({ target: nameOf(target), outcome }, count);
      },
    });
    deliveries.reset();
  }
}
