import type { Observation, Observe } from '#engine/observation.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Topics } from '#shared/rpc/topics.ts';

import type { Metrics } from './metrics/metrics.ts';
import type { RecentHour } from './metrics/recent-hour.ts';

/** Passes on what the engine does: to the metrics, to the charts, and to whoever looks at a screen. */
export function watchEngine(
  metrics: Metrics,
  topics: Topics<CarillonContract>,
  recent: Pick<RecentHour, 'countSettled'>,
): Observe {
  function count(observation: Observation): void {
    if (observation.kind === 'received' || observation.kind === 'refused') metrics.countAccepted();
    if (observation.kind === 'refused') metrics.countRefused(observation.event);
    if (observation.kind === 'attempted') {
      const { delivery, attempt, timings } = observation;
      metrics.countAttempt(delivery.target, attempt, timings);
    }
    if (observation.kind === 'settled') {
      const { delivery, outcome, at } = observation;
      metrics.observeSettled(delivery.target, outcome, at - delivery.receivedAt);
      recent.countSettled(delivery.target, outcome, at - delivery.receivedAt);
    }
  }

  function tell(observation: Observation): void {
    if ('change' in observation)
      topics.emit('changes.changed', { trackingId: observation.change.trackingId });
    if ('delivery' in observation) {
      const { trackingId, target } = observation.delivery;
      topics.emit('changes.changed', { trackingId });
      topics.emit('queue.changed', { agent: target });
    } else if (observation.kind === 'breaker') {
      topics.emit('agents.changed', { agent: observation.agent });
    } else topics.emit('queue.changed', {});
  }

  return (observation) => {
    count(observation);
    tell(observation);
  };
}
