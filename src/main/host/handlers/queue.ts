import type { queueContract } from '#shared/contract/queue.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { QueueEntry, QueueView } from '#store/queue-view.ts';

import type { AgentNames } from '../agent-names.ts';

/** What an administrator may do to waiting and parked deliveries. */
export interface QueueControl {
  release(ids: readonly number[]): Promise<number>;
  park(ids: readonly number[], reason: string): Promise<number>;
  cancel(ids: readonly number[], reason: string): Promise<number>;
  purge(target: AgentId | undefined, reason: string): Promise<number>;
}

export function createQueueHandlers(
  names: AgentNames,
  view: QueueView,
  control: () => QueueControl,
): Handlers<typeof queueContract> {
  return {
    'queue.list': ({ agent, ...filter }) => {
      const target = agent === undefined ? undefined : names.resolve(agent).id;
      const { rows, total, next } = view.list({ ...filter, target });
      return { rows: rows.map((row) => toRow(row, names)), total, next };
    },
    'queue.release': async ({ ids }) => ({ count: await control().release(ids) }),
    'queue.park': async ({ ids, reason }, { caller }) => ({
      count: await control().park(ids, `${reason} (${caller})`),
    }),
    'queue.cancel': async ({ ids, reason }, { caller }) => ({
      count: await control().cancel(ids, `${reason} (${caller})`),
    }),
    'queue.purge': async ({ agent, reason }, { caller }) => {
      const target = agent === undefined ? undefined : names.resolve(agent).id;
      return { count: await control().purge(target, `${reason} (${caller})`) };
    },
  };
}

function toRow({ target, last, parked, ...entry }: QueueEntry, names: AgentNames) {
  return {
    ...entry,
    agent: target,
    agentName: names.nameOf(target),
    lastResult: last?.result,
    lastEvent: parked?.event ?? last?.event,
    lastDetail: parked?.reason ?? last?.detail,
  };
}
