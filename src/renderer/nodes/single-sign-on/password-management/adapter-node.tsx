import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { WaitingNotification } from '#shared/contract/adapters.ts';
import { useReading } from '#state/use-reading.ts';

import { listDataOf } from '../../lists/list-data-of.ts';
import type { NodeServices } from '../../node-services.ts';
import { exportVerb } from '../../snapshots/export-verb.ts';
import { adapterVerbs } from './adapter-verbs.tsx';
import type { ManagedRow } from './use-managed-rows.ts';
import { useTurns } from './use-turns.ts';

const columns: readonly Column<WaitingNotification>[] = [
  { id: 'external', title: 'External user', width: 150, value: (row) => row.externalUser },
  { id: 'windows', title: 'Windows account', width: 170, value: (row) => row.windowsAccount },
  { id: 'application', title: 'Application', width: 120, value: (row) => row.application },
  { id: 'changed', title: 'Changed', width: 164, kind: 'time', value: (row) => row.changedAt },
  { id: 'attempts', title: 'Attempts', width: 75, spare: true, kind: 'number', value: (row) => row.attempts },
  {
    id: 'next',
    title: 'Next attempt',
    width: 164,
    spare: true,
    kind: 'time',
    value: (row) => row.nextAttemptAt,
  },
  { id: 'queued', title: 'Queued', width: 164, kind: 'time', hidden: true, value: (row) => row.queuedAt },
  { id: 'tracking', title: 'Tracking ID', width: 260, hidden: true, value: (row) => row.trackingId },
];

/** One adapter: the passwords that wait for it. */
export function adapterNode(
  row: Extract<ManagedRow, { kind: 'adapter' }>,
  services: NodeServices,
): ScopeNode {
  const { name, adapter } = row;
  return {
    id: `adapter-${name.toLowerCase()}`,
    label: name,
    icon: adapter.enabled ? 'sync' : 'stopped',
    help: 'password-management',
    verbs: () => [...adapterVerbs(row, services), exportVerb(services, [`adapters/${name}`], 'h')],
    list: opaqueList<WaitingNotification>({
      label: `Notifications for ${name}`,
      columns,
      empty: {
        title: 'No notification waits',
        hint:
          adapter.kind === 'group-adapter'
            ? 'A group adapter takes no passwords itself.'
            : 'A password that waits for this adapter stands here until it is confirmed.',
      },
      useRows: () => {
        const input = { adapter: name };
        return listDataOf(useReading('adapters.queue', input, ['sso.changed'], useTurns()));
      },
      keyOf: ({ id }) => String(id),
      iconOf: ({ attempts }) => (attempts > 0 ? 'warning' : 'waiting'),
    }),
  };
}
