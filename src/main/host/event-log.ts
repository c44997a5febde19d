import type { EngineEvent } from '#engine/event-sink.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import { defineEvent } from '#shared/events/find-event.ts';
import type { Topics } from '#shared/rpc/topics.ts';
import type { EventEntry, EventStore } from '#store/event-store.ts';

import { describeErrorChain } from './log/error-chain.ts';
import type { Log, LogLevel } from './log/log.ts';
import type { Metrics } from './metrics/metrics.ts';

export interface EventLogParts {
  readonly events: EventStore;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'countEvent'>;
  readonly topics: Topics<CarillonContract>;
}

/** Takes every numbered event to where it is read: the store, the log, the metrics and whoever follows. */
export class EventLog {
  readonly #parts: EventLogParts;
  /** Events that the next commit takes along. */
  readonly #waiting: EventEntry[] = [];
  readonly #writing = new Set<Promise<void>>();

  constructor(parts: EventLogParts) {
    this.#parts = parts;
  }

  /** `level` is the log level from which on the event is told at all; heartbeats have 2. */
  record(event: EngineEvent, level: LogLevel = 1): void {
    const { log, metrics } = this.#parts;
    const { source, severity } = defineEvent(event.number);
    metrics.countEvent(event.number, severity);
    const { number, message, trackingId, account, agent } = event;
    log.write(severity, message, { event: number, source, trackingId, account, agent }, level);
    if (severity !== 'error' && level > log.level) return;
    if (this.#waiting.push({ ...event, source, severity }) > 1) return;
    const writing = this.#store().finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** Records what nobody expected: the log gets the error with its causes, the event its first sentence. */
  reportFailure(error: unknown, at: number): void {
    this.#parts.log.error('An internal failure', { error });
    const [first = 'No message'] = describeErrorChain(error);
    this.record({ number: 7038, at, message: `An internal failure: ${first}` });
  }

  /** Resolves when everything recorded so far is on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  async #store(): Promise<void> {
    const { events, log, topics } = this.#parts;
    let taken: readonly EventEntry[] = [];
    try {
      const stored = await events.appendAll(() => {
        taken = this.#waiting.splice(0);
        return taken;
      });
      for (const event of stored) topics.emit('events.logged', event);
    } catch (error) {
      for (const { number } of [...taken, ...this.#waiting.splice(0)])
        log.error('An event could not be stored', { event: number, error });
    }
  }
}
