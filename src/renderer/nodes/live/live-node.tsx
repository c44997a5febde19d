import { useMemo } from 'react';
import { useStore } from 'zustand';

import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { ChangeTrace } from '#shared/contract/changes.ts';
import { passes } from '../changes/change-filter.ts';
import { outcomeWords } from '../changes/outcome.ts';
import { traceVerbs } from '../changes/trace-verbs.ts';
import type { NodeServices } from '../node-services.ts';
import { LiveHeader } from './LiveHeader.tsx';
import { liveFilter } from './live-filter.ts';
import { type LiveChanges, livePause, useLiveChanges } from './use-live-changes.ts';

const columns: readonly Column<ChangeTrace>[] = [
  { id: 'account', title: 'Account', width: 175, value: (row) => row.account },
  { id: 'received', title: 'Received', width: 164, kind: 'time', value: (row) => row.receivedAt },
  { id: 'state', title: 'State', width: 100, value: stateOf },
  { id: 'targets', title: 'Targets', width: 300, value: targetWords },
  {
    id: 'took',
    title: 'Took (ms)',
    width: 80,
    spare: true,
    kind: 'number',
    value: (row) => lastMoment(row) - row.committedAt,
  },
  { id: 'server', title: 'Domain controller', width: 160, hidden: true, value: (row) => row.sourceServer },
  { id: 'tracking', title: 'Tracking ID', width: 270, hidden: true, value: (row) => row.trackingId },
];

function stateOf({ refusal, deliveries }: ChangeTrace): string {
  if (refusal !== undefined) return 'Went nowhere';
  const open = deliveries.filter(({ state }) => state !== 'settled').length;
  if (open > 0) return `${deliveries.length - open} of ${deliveries.length} targets`;
  return deliveries.every(({ outcome }) => outcome === 'delivered') ? 'Delivered' : 'Ended';
}

function targetWords({ refusal, deliveries }: ChangeTrace): string {
  if (refusal !== undefined) return `${refusal.reason} (${refusal.event})`;
  // An outcome is said once, with all who share it.
  const agents = Map.groupBy(deliveries, outcomeWords);
  return [...agents]
    .map(([words, same]) => `${words}: ${same.map(({ agentName }) => agentName).join(', ')}`)
    .join(' | ');
}

/** The latest thing that is known to have happened to a change. */
function lastMoment({ hops, deliveries, receivedAt }: ChangeTrace): number {
  const moments = [
    receivedAt,
    ...hops.map(({ at }) => at),
    ...deliveries.flatMap(({ settledAt }) => settledAt ?? []),
  ];
  return Math.max(...moments);
}

/** The live changes that pass the filter: by person, and with one target that passes for both of the others. */
function useFilteredChanges(): LiveChanges {
  const live = useLiveChanges();
  const filter = useStore(liveFilter);
  const rows = useMemo(
    () =>
      live.rows.filter(({ account, deliveries }) =>
        filter.target === '' && filter.outcome === ''
          ? passes(filter, { account })
          : deliveries.some(({ agent, outcome }) => passes(filter, { account, agent, outcome })),
      ),
    [live.rows, filter],
  );
  return { ...live, rows };
}

/** Live: every change as one row, from its source to its targets, while it happens. */
export function liveNode(services: NodeServices): ScopeNode {
  return {
    id: 'live',
    label: 'Live',
    icon: 'live',
    help: 'live',
    verbs: () => {
      const { paused } = livePause.getState();
      return [
        {
          id: 'live.pause',
          label: 'Pause',
          slot: 'top',
          accessKey: 'p',
          checked: paused,
          run: () => livePause.setState({ paused: !paused }),
        },
      ];
    },
    list: opaqueList<ChangeTrace>({
      columns,
      Header: LiveHeader,
      empty: {
        title: 'No password change has arrived',
        hint: 'A change appears here within a quarter of a second, unless a filter above hides it.',
      },
      useRows: useFilteredChanges,
      keyOf: (row) => row.trackingId,
      iconOf: ({ refusal, deliveries }) => {
        if (refusal !== undefined) return 'stopped';
        if (deliveries.some(({ state }) => state === 'parked')) return 'parked';
        if (deliveries.some(({ state }) => state === 'waiting')) return 'waiting';
        return deliveries.every(({ outcome }) => outcome === 'delivered') ? 'good' : 'warning';
      },
      verbsOf: (rows) => traceVerbs(rows, services),
    }),
  };
}
