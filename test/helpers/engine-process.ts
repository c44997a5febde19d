import type { Clock } from '#engine/clock.ts';
import type { PasswordTarget } from '#engine/password-target.ts';
import type { Queue } from '#engine/queue.ts';
import type { ConnectorId } from '#shared/model/change.ts';

/** Stands between an engine and the world, so that the engine can die in the middle of anything. */
export class EngineProcess {
  #isAlive = true;
  readonly #onConnector = new Map<ConnectorId, number>();
  /** The most sets that the engine ever had at work on one connector. */
  mostOnOne = 0;

  /** From now on the engine does and learns nothing; what its targets were asked for goes on. */
  kill(): void {
    this.#isAlive = false;
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      schedule: (delay, run) =>
        clock.schedule(delay, () => {
          if (this.#isAlive) run();
        }),
    };
  }

  queue(queue: Queue): Queue {
    return {
      lastSequence: () => queue.lastSequence(),
      isKnown: (trackingId) => queue.isKnown(trackingId),
      countAccepted: (agent, partition, since) => queue.countAccepted(agent, partition, since),
      due: (target, now, limit, busy) => (this.#isAlive ? queue.due(target, now, limit, busy) : []),
      nextDueAt: (target, after) => queue.nextDueAt(target, after),
      openStamp: (connector) => queue.openStamp(connector),
      predecessor: (connector, sequence) => queue.predecessor(connector, sequence),
      nextExpiryAt: () => queue.nextExpiryAt(),
      recentDigests: (connector, since) => queue.recentDigests(connector, since),
      accept: (change) => this.#live(() => queue.accept(change)),
      settle: (delivery, settlement) => this.#live(() => queue.settle(delivery, settlement)),
      postpone: (delivery, attempt, at) => this.#live(() => queue.postpone(delivery, attempt, at)),
      park: (delivery, attempt, event, reason) =>
        this.#live(() => queue.park(delivery, attempt, event, reason)),
      expire: (now, limit) => this.#live(() => queue.expire(now, limit)),
      release: (ids, now) => this.#live(() => queue.release(ids, now)),
      setAside: (ids, event, reason) => this.#live(() => queue.setAside(ids, event, reason)),
      cancel: (ids, reason, now) => this.#live(() => queue.cancel(ids, reason, now)),
      purge: (target, reason, now) => this.#live(() => queue.purge(target, reason, now)),
      rememberDigest: (connector, digest, at) =>
        this.#live(() => queue.rememberDigest(connector, digest, at)),
    };
  }

  target(target: PasswordTarget): PasswordTarget {
    return {
      secure: target.secure,
      ...(target.deliveriesPerConnection !== undefined && {
        deliveriesPerConnection: target.deliveriesPerConnection,
      }),
      setPassword: (connector, password, options, signal) =>
        this.#live(() =>
          this.#counted(connector.id, () => target.setPassword(connector, password, options, signal)),
        ),
      verifyPassword: (connector, password, signal) =>
        this.#live(() => target.verifyPassword(connector, password, signal)),
      probe: (signal) => this.#live(() => target.probe(signal)),
    };
  }

  async #counted(connector: ConnectorId, work: () => Promise<void>): Promise<void> {
    const count = (this.#onConnector.get(connector) ?? 0) + 1;
    this.#onConnector.set(connector, count);
    this.mostOnOne = Math.max(this.mostOnOne, count);
    try {
      await work();
    } finally {
      this.#onConnector.set(connector, (this.#onConnector.get(connector) ?? 1) - 1);
    }
  }

  /** Never settles once the process is dead. */
  #live<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#isAlive) return;
      work().then(
        (value) => {
          if (this.#isAlive) resolve(value);
        },
        (error: unknown) => {
          if (this.#isAlive) reject(error);
        },
      );
    });
  }
}
