import type { AcceptedChange, Delivery, Queue, Settlement } from '#engine/queue.ts';
import type { Attempt } from '#shared/model/change.ts';

/** Told of each step of a change after it is on disk. */
export interface QueueObserver {
  readonly accepted: (change: AcceptedChange) => void;
  readonly attempted: (delivery: Delivery, attempt: Attempt) => void;
  readonly settled: (delivery: Delivery, settlement: Settlement) => void;
  /** Deliveries changed at an administrator's wish or by time. */
  readonly moved: () => void;
}

/** The queue, with someone looking on. */
export function observeQueue(queue: Queue, observer: QueueObserver): Queue {
  const counted = async (count: Promise<number>): Promise<number> => {
    const moved = await count;
    if (moved > 0) observer.moved();
    return moved;
  };
  return {
    lastSequence: () => queue.lastSequence(),
    isKnown: (trackingId) => queue.isKnown(trackingId),
    countAccepted: (agent, partition, since) => queue.countAccepted(agent, partition, since),
    due: (target, now, limit, busy) => queue.due(target, now, limit, busy),
    nextDueAt: (target, after) => queue.nextDueAt(target, after),
    recentDigests: (connector, since) => queue.recentDigests(connector, since),
    rememberDigest: (connector, digest, at) => queue.rememberDigest(connector, digest, at),
    openStamp: (connector) => queue.openStamp(connector),
    predecessor: (connector, sequence) => queue.predecessor(connector, sequence),
    nextExpiryAt: () => queue.nextExpiryAt(),
    release: (ids, now) => counted(queue.release(ids, now)),
    cancel: (ids, reason, now) => counted(queue.cancel(ids, reason, now)),
    purge: (target, reason, now) => counted(queue.purge(target, reason, now)),
    async expire(now, limit) {
      const expired = await queue.expire(now, limit);
      if (expired.length > 0) observer.moved();
      return expired;
    },
    async accept(change) {
      const deliveries = await queue.accept(change);
      observer.accepted(change);
      return deliveries;
    },
    async settle(delivery, settlement) {
      const settled = await queue.settle(delivery, settlement);
      if (settlement.attempt !== undefined) observer.attempted(delivery, settlement.attempt);
      if (settled) observer.settled(delivery, settlement);
      return settled;
    },
    async postpone(delivery, attempt, nextAttemptAt) {
      await queue.postpone(delivery, attempt, nextAttemptAt);
      observer.attempted(delivery, attempt);
    },
    async park(delivery, attempt, event, reason) {
      await queue.park(delivery, attempt, event, reason);
      if (attempt !== undefined) observer.attempted(delivery, attempt);
      observer.moved();
    },
  };
}
