import type { ChannelClock } from './channel-clock.ts';
import type { ChannelError } from './channel-error.ts';
import type { Ack, HeartbeatAnswer, Nak, SecretAnswer } from './frame.ts';

export type Answer = Ack | Nak | HeartbeatAnswer | SecretAnswer;

export interface Question {
  /** Of the change that was sent; undefined for every other question. */
  readonly trackingId: string | undefined;
  readonly onAnswer: (answer: Answer) => void;
  readonly onFailure: (error: ChannelError) => void;
}

export interface PendingAnswersOptions {
  readonly clock: ChannelClock;
  /** How long one answer may take, milliseconds. */
  readonly timeout: number;
  /** Called once when an answer is late. */
  readonly onLate: () => void;
}

/** How often answers are looked at for their time limit, milliseconds: one timer for all of them. */
const sweepInterval = 250;

/** The questions on one connection that are not answered yet. */
export class PendingAnswers {
  readonly #options: PendingAnswersOptions;
  /** Oldest first, by sequence. */
  readonly #questions = new Map<number, Question & { readonly deadline: number }>();
  #cancelSweep: (() => void) | undefined;

  constructor(options: PendingAnswersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#questions.size;
  }

  add(sequence: number, question: Question): void {
    const { clock, timeout } = this.#options;
    this.#questions.set(sequence, { ...question, deadline: clock.now() + timeout });
    this.#cancelSweep ??= clock.schedule(sweepInterval, () => this.#sweep());
  }

  /** Settles the question that is answered; false where nobody asked it. */
  settle(answer: Answer): boolean {
    const question = this.#questions.get(answer.sequence);
    const trackingId = 'trackingId' in answer ? answer.trackingId : undefined;
    if (question === undefined || question.trackingId?.toLowerCase() !== trackingId) return false;
    this.#questions.delete(answer.sequence);
    question.onAnswer(answer);
    return true;
  }

  fail(error: ChannelError): void {
    this.#cancelSweep?.();
    const questions = [...this.#questions.values()];
    this.#questions.clear();
    for (const { onFailure } of questions) onFailure(error);
  }

  #sweep(): void {
    this.#cancelSweep = undefined;
    const [oldest] = this.#questions.values();
    if (oldest === undefined) return;
    const { clock, onLate } = this.#options;
    if (oldest.deadline <= clock.now()) onLate();
    else this.#cancelSweep = clock.schedule(sweepInterval, () => this.#sweep());
  }
}
