import type { ChangeTrace, changesContract } from '#shared/contract/changes.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { ConnectorId, TrackingId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { ChangeStore } from '#store/change-store.ts';

import type { AgentNames } from '../agent-names.ts';
import type { RecentHour } from '../metrics/recent-hour.ts';

export function createChangeHandlers(
  names: AgentNames,
  changes: ChangeStore,
  dnOf: (connector: ConnectorId) => string | undefined,
  recent: () => RecentHour,
): Handlers<typeof changesContract> {
  function findTrace(trackingId: TrackingId): ChangeTrace | undefined {
    const trace = changes.trace(trackingId);
    if (trace === undefined) return undefined;
    const { change, person, hops, deliveries } = trace;
    const { sequence, account, sourceServer, committedAt, receivedAt, refusal } = trace;
    return {
      trackingId,
      sequence,
      account,
      sourceServer,
      committedAt,
      receivedAt,
      refusal,
      objectGuid: change.objectGuid,
      capturedAt: change.capturedAt,
      person,
      hops: [...hops],
      deliveries: deliveries.map(({ target, connector, attempts, ...delivery }) => ({
        ...delivery,
        agent: target,
        agentName: names.nameOf(target),
        dn: dnOf(connector),
        attempts: [...attempts],
      })),
    };
  }

  return {
    'changes.list': ({ account, before, limit }) => [
      ...changes.list({
        limit,
        ...(account === undefined ? {} : { account }),
        ...(before === undefined ? {} : { before }),
      }),
    ],
    'changes.trace': ({ trackingId }) => {
      const trace = findTrace(trackingId);
      if (trace !== undefined) return trace;
      throw new AppError('not_found', `No change ${trackingId}`, {
        fix: 'List the latest changes: carillon trace',
      });
    },
    'changes.traces': ({ trackingIds }) => trackingIds.flatMap((trackingId) => findTrace(trackingId) ?? []),
    'changes.history': ({ account, limit }) =>
      changes.historyOfAccount(account, limit).map(({ target, connector: _, ...entry }) => ({
        ...entry,
        agent: target,
        agentName: names.nameOf(target),
      })),
    'changes.ended': ({ person, agent, outcome, limit }) =>
      changes
        .ended({
          limit,
          ...(person === undefined ? {} : { person }),
          ...(agent === undefined ? {} : { target: names.resolve(agent).id }),
          ...(outcome === undefined ? {} : { outcome }),
        })
        .map(({ target, connector: _, ...entry }) => ({
          ...entry,
          agent: target,
          agentName: names.nameOf(target),
        })),
    'changes.recentHour': () => {
      const hour = recent();
      const depths = [...hour.depths()];
      return {
        now: depths.at(-1)?.at ?? hour.startedAt,
        since: hour.startedAt,
        depths,
        latencies: [...hour.latencies()],
        outcomes: [...hour.outcomes()].map(([agent, counts]) => ({
          agent,
          agentName: names.nameOf(agent),
          counts: Object.fromEntries(counts),
        })),
      };
    },
  };
}
