import { createStore, type StoreApi } from 'zustand/vanilla';

import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { ConsoleDestination } from '#shared/model/console-destination.ts';
import type { Client } from '#shared/rpc/connect.ts';
import type { Payload, TopicName } from '#shared/rpc/contract.ts';
import type { Port } from '#shared/rpc/port.ts';

export type CarillonClient = Client<CarillonContract>;

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected'; readonly client: CarillonClient }
  | { readonly state: 'lost'; readonly reason: string; readonly retryAt: number };

interface SessionState {
  readonly connection: Connection;
  /** Connections that were made so far. */
  readonly generation: number;
  /** The service that is or shall be talked to. */
  readonly destination: ConsoleDestination;
}

type Topic = TopicName<CarillonContract>;
type Listener = (payload: unknown) => void;

const shortestPause = 250;
const longestPause = 8000;

/**
 * One connection to a service that comes back by itself. Readers subscribe here once; their subscriptions are
 * made anew on every connection, and whatever was read counts as old then.
 */
export class Session {
  readonly store: StoreApi<SessionState>;
  readonly #open: (destination: ConsoleDestination) => Promise<Port>;
  /** Those who follow a topic now; the set is made anew when the first comes and goes with the last. */
  readonly #listeners = new Map<Topic, Set<Listener>>();
  /** Ends what the connection of now follows. */
  readonly #ends = new Map<Topic, () => void>();
  #client: CarillonClient | undefined;
  #pause = shortestPause;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts connections that were begun: what an earlier one still tells counts for nothing. */
  #turn = 0;

  constructor(
    open: (destination: ConsoleDestination) => Promise<Port>,
    destination: ConsoleDestination = { kind: 'here' },
  ) {
    this.#open = open;
    this.store = createStore(() => ({ connection: { state: 'connecting' }, generation: 0, destination }));
  }

  start(): void {
    void this.#connect();
  }

  stop(): void {
    this.#leave();
  }

  /** Leaves the service that it talks to for another one. */
  goTo(destination: ConsoleDestination): void {
    this.#leave();
    this.#pause = shortestPause;
    this.store.setState({ destination, connection: { state: 'connecting' } });
    void this.#connect();
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
    const followed = this.#listeners.get(topic);
    const listeners = followed ?? new Set<Listener>();
    this.#listeners.set(topic, listeners.add(listener as Listener));
    if (followed === undefined && this.#client !== undefined)
      void this.#follow(this.#client, topic, listeners);
    return () => {
      listeners.delete(listener as Listener);
      if (listeners.size > 0 || this.#listeners.get(topic) !== listeners) return;
      this.#listeners.delete(topic);
      this.#ends.get(topic)?.();
      this.#ends.delete(topic);
    };
  }

  #leave(): void {
    this.#turn += 1;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    client?.close();
  }

  async #connect(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    let client: CarillonClient | undefined;
    let end: string | undefined;
    try {
      const [{ connectCarillon }, port] = await Promise.all([
        import('./connect-carillon.ts'),
        this.#open(this.store.getState().destination),
      ]);
      client = connectCarillon(port);
      client.closed((reason) => {
        end = reason;
      });
      if (turn !== this.#turn) return client.close();
      await client.call('system.status', {});
      if (turn !== this.#turn) return client.close();
      const made = client;
      this.#client = made;
      this.#pause = shortestPause;
      client.closed((reason) => this.#lose(turn, reason));
      this.#ends.clear();
      for (const [topic, listeners] of this.#listeners) void this.#follow(client, topic, listeners);
      this.store.setState(({ generation }) => ({
        connection: { state: 'connected', client: made },
        generation: generation + 1,
      }));
    } catch (error) {
      // What ended the connection says more than the call that it ended.
      const reason = end ?? wordsOf(error);
      client?.close();
      this.#lose(turn, reason);
    }
  }

  #lose(turn: number, reason: string): void {
    if (turn !== this.#turn) return;
    this.#client = undefined;
    const pause = this.#pause;
    this.#pause = Math.min(longestPause, pause * 2);
    this.store.setState({ connection: { state: 'lost', reason, retryAt: Date.now() + pause } });
    this.#retry = setTimeout(() => void this.#connect(), pause);
  }

  async #follow(client: CarillonClient, topic: Topic, listeners: Set<Listener>): Promise<void> {
    try {
      const end = await client.subscribe(topic, (payload) => {
        for (const listener of listeners) listener(payload);
      });
      // All may have left while the service was asked.
      if (this.#listeners.get(topic) === listeners) this.#ends.set(topic, end);
      else end();
    } catch {
      // The connection is gone; the next one follows again.
    }
  }
}

function wordsOf(error: unknown): string {
  // Its sentence goes on where it is shown.
  if (error instanceof AppError && error.fix !== undefined)
    return `${error.message}. ${error.fix.replace(/\.$/, '')}`;
  return error instanceof Error ? error.message : 'No answer';
}
