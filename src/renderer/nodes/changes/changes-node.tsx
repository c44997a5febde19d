import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { ChangeRow } from '#shared/contract/changes.ts';
import { useReading } from '#state/use-reading.ts';

import type { NodeServices } from '../node-services.ts';
import { TraceDialog } from './TraceDialog.tsx';

const columns: readonly Column<ChangeRow>[] = [
  { id: 'account', title: 'Account', width: 190, value: (row) => row.account },
  { id: 'committed', title: 'Changed', width: 150, kind: 'time', value: (row) => row.committedAt },
  { id: 'received', title: 'Received', width: 150, kind: 'time', value: (row) => row.receivedAt },
  { id: 'server', title: 'Domain controller', width: 180, value: (row) => row.sourceServer },
  {
    id: 'decision',
    title: 'Decision',
    width: 340,
    value: (row) =>
      row.refusal === undefined ? 'Sent to its targets' : `${row.refusal.reason} (${row.refusal.event})`,
  },
  { id: 'tracking', title: 'Tracking ID', width: 270, value: (row) => row.trackingId },
];

/** Changes: the newest password changes; each opens its trace. */
export function changesNode({ session, openDialog }: NodeServices): ScopeNode {
  return {
    id: 'changes',
    label: 'Changes',
    icon: 'history',
    help: 'trace',
    list: opaqueList<ChangeRow>({
      columns,
      empty: {
        title: 'No password change has arrived',
        hint: 'Change a password in Active Directory on a domain controller that has capture installed.',
      },
      useRows: () => {
        const { value, loading, problem } = useReading('changes.list', { limit: 1000 }, ['changes.changed']);
        return { rows: value ?? [], loading, ...(problem && { problem }) };
      },
      keyOf: (row) => row.trackingId,
      iconOf: (row) => (row.refusal === undefined ? 'sync' : 'stopped'),
      verbsOf: ([row, ...others]) =>
        row === undefined || others.length > 0
          ? []
          : [
              {
                id: 'change.trace',
                label: 'Trace',
                slot: 'top',
                accessKey: 't',
                shortcut: 'Alt+Enter',
                isDefault: true,
                run: async () => {
                  const trace = await session.client.call('changes.trace', { trackingId: row.trackingId });
                  openDialog((close) => <TraceDialog trace={trace} onClose={close} />);
                },
              },
            ],
    }),
  };
}
