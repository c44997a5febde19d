import type { SeenDelivery } from './observation.ts';
import type { Delivery, Queue } from './queue.ts';
import type { Turn } from './take-turn.ts';
import type { Telling } from './telling.ts';

/**
 * Writes down how a turn ended, and tells of it once that is on disk. Resolves to whether the delivery is settled by
 * this turn: it may have been superseded or cancelled meanwhile, and then its end is on record already.
 */
export async function recordEnding(
  queue: Queue,
  delivery: Delivery,
  turn: Turn,
  agentName: string,
  telling: Telling,
): Promise<boolean> {
  const { ending, dn } = turn;
  const place = dn === undefined ? `"${agentName}"` : `${dn} of "${agentName}"`;
  const seen = see(delivery);
  const { trackingId, account, target: agent } = delivery;
  const log = (number: number, message: string): void =>
    telling.log({ number, message, trackingId, account, agent });
  if (turn.isPutRight)
    log(7016, `An older password of ${account} had reached ${place}; the newer one was set again`);
  switch (ending.kind) {
    case 'settle': {
      const { settlement, timings } = ending;
      const { outcome, event, at, reason, attempt } = settlement;
      const isSettled = await queue.settle(delivery, settlement);
      if (attempt !== undefined)
        telling.observe({ kind: 'attempted', delivery: seen, attempt, ...(timings && { timings }) });
      if (!isSettled) return false;
      telling.observe({ kind: 'settled', at, delivery: seen, outcome, event });
      if (outcome === 'delivered') log(event, `The password of ${account} was set on ${place}`);
      else if (outcome === 'shadowed')
        log(event, `The password of ${account} would have been set on ${place}, which is in shadow mode`);
      else log(event, `The password of ${account} was not set on ${place}: ${reason ?? outcome}`);
      return true;
    }
    case 'postpone': {
      const { attempt, nextAttemptAt, timings } = ending;
      await queue.postpone(delivery, attempt, nextAttemptAt);
      telling.observe({ kind: 'attempted', delivery: seen, attempt, ...(timings && { timings }) });
      telling.observe({ kind: 'postponed', delivery: seen, nextAttemptAt });
      if (attempt.result !== 'success')
        log(
          attempt.event,
          `The password of ${account} was not set on ${place} and is tried again: ${attempt.detail ?? attempt.result}`,
        );
      return false;
    }
    case 'park': {
      const { at, attempt, event, reason } = ending;
      await queue.park(delivery, attempt, event, reason);
      if (attempt !== undefined) telling.observe({ kind: 'attempted', delivery: seen, attempt });
      telling.observe({
        kind: 'parked',
        at,
        delivery: seen,
        event,
        reason,
      });
      log(event, `The password of ${account} was not set on ${place} and is parked: ${reason}`);
      return false;
    }
  }
}

function see(delivery: Delivery): SeenDelivery {
  const { id, trackingId, account, target, connector, sequence, receivedAt, attempts } = delivery;
  return { id, trackingId, account, target, connector, sequence, receivedAt, attempts };
}
