import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { ChangeRow } from '#shared/contract/changes.ts';
import { useReading } from '#state/use-reading.ts';

import { openTrace } from '../changes/open-trace.tsx';
import { traceVerbs } from '../changes/trace-verbs.ts';
import { listDataOf } from '../lists/list-data-of.ts';
import type { NodeServices } from '../node-services.ts';

const columns: readonly Column<ChangeRow>[] = [
  { id: 'account', title: 'Account', width: 190, value: (row) => row.account },
  { id: 'committed', title: 'Changed', width: 164, kind: 'time', value: (row) => row.committedAt },
  {
    id: 'received',
    title: 'Received',
    width: 164,
    spare: true,
    kind: 'time',
    value: (row) => row.receivedAt,
  },
  { id: 'server', title: 'Domain controller', width: 180, spare: true, value: (row) => row.sourceServer },
  {
    id: 'decision',
    title: 'Decision',
    width: 340,
    value: (row) =>
      row.refusal === undefined ? 'Sent to its targets' : `${row.refusal.reason} (${row.refusal.event})`,
  },
  { id: 'tracking', title: 'Tracking ID', width: 270, spare: true, value: (row) => row.trackingId },
];

/** Trace: the newest password changes; each opens with every hop, decision, attempt, and the targets' own words. */
export function traceNode(services: NodeServices): ScopeNode {
  const { session, openDialog } = services;
  return {
    id: 'trace',
    label: 'Trace',
    icon: 'trace',
    help: 'trace',
    verbs: () => [
      {
        id: 'trace.find',
        label: 'Find Change...',
        slot: 'top',
        accessKey: 'c',
        run: async () => {
          const { FindChangeDialog } = await import('./FindChangeDialog.tsx');
          openDialog((close) => (
            <FindChangeDialog
              find={(trackingId) => openTrace(trackingId, session, openDialog)}
              onClose={close}
            />
          ));
        },
      },
    ],
    list: opaqueList<ChangeRow>({
      columns,
      empty: {
        title: 'No password change has arrived',
        hint: 'Change a password in Active Directory on a domain controller that has capture installed.',
      },
      useRows: () => {
        return listDataOf(useReading('changes.list', { limit: 1000 }, ['changes.changed']));
      },
      keyOf: (row) => row.trackingId,
      iconOf: (row) => (row.refusal === undefined ? 'sync' : 'stopped'),
      verbsOf: (rows) => traceVerbs(rows, services),
    }),
  };
}
