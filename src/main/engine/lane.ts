import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import { messageOf } from '#shared/model/message-of.ts';

import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts';
import { Deadlines } from './deadlines.ts';
import { decideRetry } from './decide-retry.ts';
import { DoubtLedger } from './doubt-ledger.ts';
import { DueWindow } from './due-window.ts';
import type { EngineParts } from './engine-parts.ts';
import { guardTarget } from './guard-target.ts';
import type { Delivery } from './queue.ts';
import { recordEnding } from './record-ending.ts';
import { type OpenTarget, type Turn, type TurnParts, takeTurn } from './take-turn.ts';
import type { Telling } from './telling.ts';

/** Deliveries whose end is being written while their connection already serves the next. */
const recordingLimit = 128;
/** First and longest pause after the store failed, milliseconds. */
const [firstPause, longestPause] = [5000, 60_000];
/** How long a stopping lane lets its operations run before it tells them to end, milliseconds. */
const stopGrace = 5000;

export interface LaneOptions {
  readonly agent: AgentId;
  readonly parts: EngineParts;
  readonly telling: Telling;
  readonly inheritedSequence: number;
}

/**
 * The deliveries of one target, worked off side by side: one at a time per connector, as many at a time as the target's
 * connections carry. Shares nothing with other lanes but the queue, so that a slow or dead target delays no other.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #window: DueWindow;
  readonly #deadlines: Deadlines;
  readonly #turnParts: TurnParts;
  readonly #breaker: CircuitBreaker;
  /** Connectors whose delivery is at work or being recorded. */
  readonly #busy = new Set<ConnectorId>();
  /** Deliveries that use a connection. */
  #working = 0;
  #isRunning = false;
  #storeFailures = 0;
  #cancelPause: (() => void) | undefined;
  #idle: (() => void) | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { agent, parts, telling, inheritedSequence } = options;
    const { clock, queue } = parts;
    this.#deadlines = new Deadlines(clock);
    const own = { deadlines: this.#deadlines, doubts: new DoubtLedger(), inheritedSequence };
    this.#turnParts = { ...parts, ...own };
    this.#window = new DueWindow({ clock, queue, agent, ready: () => this.#pump() });
    this.#breaker = new CircuitBreaker({
      clock,
      probe: () => this.#probe(),
      pause: () => (this.#findAgent()?.password.retryInterval ?? 60) * 1000,
      opened: (reason) => {
        const message = `"${this.#name}" does not answer; its deliveries wait: ${reason}`;
        telling.log({ number: 7002, agent, message });
      },
      changed: (state) => {
        telling.observe({ kind: 'breaker', at: clock.now(), agent, state });
        if (state !== 'closed') return;
        telling.log({ number: 7003, agent, message: `"${this.#name}" answers again; its deliveries go on` });
        // What was taken from the queue before may have waited for hours.
        this.wake();
      },
    });
  }

  /** Deliveries at work on the target. */
  get working(): number {
    return this.#working;
  }

  get breaker(): BreakerState {
    return this.#breaker.state;
  }

  start(): void {
    this.#isRunning = true;
    this.wake();
  }

  /** Begins nothing more, and resolves when what runs has ended and is on record. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#window.stop();
    this.#breaker.stop();
    this.#cancelPause?.();
    if (this.#busy.size > 0) {
      const cancel = this.#options.parts.clock.schedule(stopGrace, () => this.#deadlines.abortAll());
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
      cancel();
    }
    this.#deadlines.stop();
  }

  /** A delivery was accepted. */
  offer(delivery: Delivery): void {
    this.#window.offer(delivery, this.#busy);
    this.#pump();
  }

  /** The queue or the settings changed otherwise. */
  wake(): void {
    this.#window.clear();
    this.#pump();
  }

  /** Asks a target that did not answer at once, and goes on with what is due. */
  retryNow(): void {
    this.#breaker.probeNow();
    this.wake();
  }

  #pump(): void {
    if (!this.#isRunning || this.#cancelPause !== undefined || this.#window.isEmpty) return;
    try {
      const open = this.#findOpen();
      if (open === undefined) return;
      const places = open.agent.password.concurrency * (open.target.deliveriesPerConnection ?? 1);
      while (this.#working < places && this.#busy.size < places + recordingLimit) {
        const delivery = this.#window.take(this.#busy);
        if (delivery === undefined) return;
        this.#busy.add(delivery.connector);
        void this.#work(delivery, open);
      }
    } catch (error) {
      this.#pause(error);
    }
  }

  async #work(delivery: Delivery, open: OpenTarget): Promise<void> {
    const { connector } = delivery;
    let isSettled = false;
    try {
      const recording = this.#record(delivery, open, await this.#connected(delivery, open));
      // The connection is free before the disk has answered.
      this.#pump();
      isSettled = await recording;
      this.#storeFailures = 0;
    } catch (error) {
      this.#pause(error);
    }
    this.#busy.delete(connector);
    this.#window.finish(connector, isSettled);
    this.#pump();
    if (this.#busy.size === 0) this.#idle?.();
  }

  async #connected(delivery: Delivery, open: OpenTarget): Promise<Turn> {
    this.#working += 1;
    try {
      return await takeTurn(delivery, open, this.#turnParts);
    } finally {
      this.#working -= 1;
    }
  }

  #record(delivery: Delivery, { agent }: OpenTarget, turn: Turn): Promise<boolean> {
    const { parts, telling } = this.#options;
    const recorded = recordEnding(parts.queue, delivery, turn, agent.name, telling);
    this.#tellBreaker(turn);
    return recorded;
  }

  #tellBreaker({ failure, ending, isAnswered }: Turn): void {
    const isSuccess = isAnswered || (ending.kind !== 'park' && failure === undefined && hasAttempt(ending));
    const heard = failure === undefined ? undefined : decideRetry(failure.word).target;
    if (isSuccess || heard === 'answered') this.#breaker.succeed();
    else if (heard === 'not-usable' && failure !== undefined) this.#breaker.fail(failure.message);
  }

  /** The agent and its target where every gate passes. */
  #findOpen(): OpenTarget | undefined {
    if (this.#breaker.state !== 'closed') return undefined;
    const agent = this.#findAgent();
    if (agent === undefined) return undefined;
    const { targets, settings } = this.#options.parts;
    const target = targets(agent.id);
    const reports = guardTarget(agent, target, settings().passwordSync);
    return target !== undefined && reports.every(({ result }) => result.verdict === 'pass')
      ? { agent, target }
      : undefined;
  }

  async #probe(): Promise<void> {
    const agent = this.#findAgent();
    const target = agent && this.#options.parts.targets(agent.id);
    if (agent === undefined || target === undefined) throw new Error('The target is not configured any more');
    const limit = agent.password.operationTimeout * 1000;
    await this.#deadlines.run(limit, ({ signal }) => target.probe(signal));
  }

  /** The store cannot be read or written: what was done is done again later, so not too often. */
  #pause(error: unknown): void {
    if (!this.#isRunning || this.#cancelPause !== undefined) return;
    const { agent, parts, telling } = this.#options;
    const pause = Math.min(firstPause * 2 ** this.#storeFailures, longestPause);
    if (this.#storeFailures === 0) {
      const why = messageOf(error);
      telling.log({ number: 6905, agent, message: `The deliveries of "${this.#name}" pause: ${why}` });
    }
    this.#storeFailures += 1;
    this.#cancelPause = parts.clock.schedule(pause, () => {
      this.#cancelPause = undefined;
      this.wake();
    });
  }

  get #name(): string {
    return this.#findAgent()?.name ?? this.#options.agent;
  }

  #findAgent() {
    const { agent: wanted, parts } = this.#options;
    return parts.settings().agents.find(({ id }) => id === wanted);
  }
}

function hasAttempt(ending: Turn['ending']): boolean {
  return ending.kind === 'settle' ? ending.settlement.attempt !== undefined : ending.kind === 'postpone';
}
