import { useStore } from 'zustand';

import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { HistoryRow } from '#shared/contract/changes.ts';
import { useReading } from '#state/use-reading.ts';

import { createFilterStore } from '../changes/change-filter.ts';
import { FilterBar } from '../changes/FilterBar.tsx';
import { outcomeIcon, outcomeWords } from '../changes/outcome.ts';
import { traceVerbs } from '../changes/trace-verbs.ts';
import { listDataOf } from '../lists/list-data-of.ts';
import type { NodeServices } from '../node-services.ts';

const filter = createFilterStore();

const columns: readonly Column<HistoryRow>[] = [
  { id: 'account', title: 'Account', width: 180, value: (row) => row.account },
  { id: 'target', title: 'Target', width: 140, value: (row) => row.agentName },
  {
    id: 'outcome',
    title: 'Outcome',
    width: 90,
    value: ({ outcome }) => outcomeWords({ state: 'settled', outcome }),
  },
  { id: 'settled', title: 'Ended', width: 164, kind: 'time', value: (row) => row.settledAt },
  {
    id: 'took',
    title: 'Took (ms)',
    width: 80,
    spare: true,
    kind: 'number',
    value: (row) => row.settledAt - row.receivedAt,
  },
  { id: 'attempts', title: 'Attempts', width: 70, spare: true, kind: 'number', value: (row) => row.attempts },
  {
    id: 'event',
    title: 'Event',
    width: 60,
    spare: true,
    kind: 'number',
    value: (row) => row.event,
    text: (row) => String(row.event),
  },
  { id: 'reason', title: 'Reason', width: 250, value: (row) => row.reason ?? row.verification },
  {
    id: 'received',
    title: 'Received',
    width: 164,
    spare: true,
    kind: 'time',
    hidden: true,
    value: (row) => row.receivedAt,
  },
  { id: 'tracking', title: 'Tracking ID', width: 270, hidden: true, value: (row) => row.trackingId },
];

/** History: how every delivery ended, by person, target and outcome. */
export function historyNode(services: NodeServices): ScopeNode {
  return {
    id: 'history',
    label: 'History',
    icon: 'history',
    help: 'history',
    list: opaqueList<HistoryRow>({
      columns,
      Header: () => <FilterBar store={filter} />,
      empty: {
        title: 'No delivery has ended like this',
        hint: 'Deliveries appear here as soon as they end; a filter above may hide them.',
      },
      useRows: () => {
        const { person, target, outcome } = useStore(filter);
        return listDataOf(
          useReading(
            'changes.ended',
            {
              limit: 1000,
              ...(person.trim() !== '' && { person: person.trim() }),
              ...(target !== '' && { agent: target }),
              ...(outcome !== '' && { outcome }),
            },
            ['changes.changed'],
          ),
        );
      },
      keyOf: (row) => `${row.trackingId} ${row.agent}`,
      iconOf: ({ outcome }) => outcomeIcon({ state: 'settled', outcome }),
      verbsOf: (rows) => traceVerbs(rows, services),
    }),
  };
}
