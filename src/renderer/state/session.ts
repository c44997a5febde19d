import { createStore, type StoreApi } from 'zustand/vanilla';

import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { Payload, TopicName } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';

export type CarillonClient = Client<CarillonContract>;

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected'; readonly client: CarillonClient }
  | { readonly state: 'lost'; readonly reason: string; readonly retryAt: number };

type Topic = TopicName<CarillonContract>;
type Listener = (payload: unknown) => void;

const shortestPause = 250;
const longestPause = 8000;

/**
 * One connection to a service that comes back by itself. Readers subscribe here once; their subscriptions are
 * made anew on every connection, and whatever was read counts as old then.
 */
export class Session {
  readonly store: StoreApi<{ readonly connection: Connection; readonly generation: number }>;
  readonly #open: () => Promise<Port>;
  readonly #listeners = new Map<Topic, Set<Listener>>();
  #client: CarillonClient | undefined;
  #pause = shortestPause;
  #stopped = false;

  constructor(open: () => Promise<Port>) {
    this.#open = open;
    this.store = createStore(() => ({ connection: { state: 'connecting' }, generation: 0 }));
  }

  start(): void {
    void this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#client?.close();
  }

  /** Rejects with `AppError` `unavailable` while there is no connection. */
  get client(): CarillonClient {
    if (this.#client === undefined) {
      throw new AppError('unavailable', 'The console has no connection to the service', {
        fix: 'It connects again by itself as soon as the service answers.',
      });
    }
    return this.#client;
  }

  subscribe<T extends Topic>(
    topic: T,
    listener: (payload: Payload<CarillonContract, T>) => void,
  ): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    const first = listeners.size === 0;
    this.#listeners.set(topic, listeners.add(listener as Listener));
    if (first && this.#client !== undefined) void this.#follow(this.#client, topic);
    return () => listeners.delete(listener as Listener);
  }

  async #connect(): Promise<void> {
    if (this.#stopped) return;
    try {
      const port = await this.#open();
      const client = connect(carillonContract, port);
      await client.call('system.status', {});
      client.closed((reason) => this.#lose(reason));
      this.#client = client;
      this.#pause = shortestPause;
      for (const topic of this.#listeners.keys()) void this.#follow(client, topic);
      this.store.setState(({ generation }) => ({
        connection: { state: 'connected', client },
        generation: generation + 1,
      }));
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : 'No answer');
    }
  }

  #lose(reason: string): void {
    if (this.#stopped) return;
    this.#client = undefined;
    const pause = this.#pause;
    this.#pause = Math.min(longestPause, pause * 2);
    this.store.setState({ connection: { state: 'lost', reason, retryAt: Date.now() + pause } });
    setTimeout(() => void this.#connect(), pause);
  }

  async #follow(client: CarillonClient, topic: Topic): Promise<void> {
    try {
      await client.subscribe(topic, (payload) => {
        for (const listener of this.#listeners.get(topic) ?? []) listener(payload);
      });
    } catch {
      // The connection is gone; the next one follows again.
    }
  }
}
