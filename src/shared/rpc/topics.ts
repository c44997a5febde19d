import { AppError } from '../model/app-error.ts';
import type { Contract, Payload, TopicName } from './contract.ts';

type Listener = (payload: unknown) => void;

/** What the server has to tell, on its way to whoever subscribed. Payloads are checked here, once. */
export class Topics<C extends Contract> {
  readonly #contract: C;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(contract: C) {
    this.#contract = contract;
  }

  emit<T extends TopicName<C>>(topic: T, payload: Payload<C, T>): void {
    const listeners = this.#listeners.get(topic);
    if (listeners === undefined || listeners.size === 0) return;
    const definition = this.#contract.topics[topic];
    if (definition === undefined) throw new AppError('unknown_method', `No topic "${topic}"`);
    const checked: unknown = definition.payload.parse(payload);
    for (const listener of [...listeners]) listener(checked);
  }

  subscribe(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }
}
