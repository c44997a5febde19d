import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { QueueRow } from '#shared/contract/queue.ts';
import { useReading } from '#state/use-reading.ts';

import type { NodeServices } from '../node-services.ts';

const columns: readonly Column<QueueRow>[] = [
  { id: 'account', title: 'Account', width: 170, value: (row) => row.account },
  { id: 'target', title: 'Target', width: 140, value: (row) => row.agentName },
  { id: 'state', title: 'State', width: 80, value: (row) => (row.state === 'parked' ? 'Parked' : 'Waiting') },
  { id: 'attempts', title: 'Attempts', width: 75, kind: 'number', value: (row) => row.attempts },
  { id: 'received', title: 'Received', width: 150, kind: 'time', value: (row) => row.receivedAt },
  { id: 'next', title: 'Next attempt', width: 150, kind: 'time', value: (row) => row.nextAttemptAt },
  { id: 'expires', title: 'Expires', width: 150, kind: 'time', value: (row) => row.expiresAt },
  {
    id: 'event',
    title: 'Event',
    width: 60,
    kind: 'number',
    value: (row) => row.lastEvent,
    text: (row) => String(row.lastEvent ?? ''),
  },
  { id: 'why', title: 'Last result', width: 320, value: (row) => row.lastDetail ?? row.lastResult },
  { id: 'tracking', title: 'Tracking ID', width: 260, hidden: true, value: (row) => row.trackingId },
];

/** Queue: what waits, why, and how long it still may. */
export function queueNode(services: NodeServices): ScopeNode {
  return {
    id: 'queue',
    label: 'Queue',
    icon: 'queue',
    help: 'queue',
    useBadge: () => {
      const { value } = useReading('system.status', {}, ['queue.changed', 'system.changed']);
      if (value === undefined) return undefined;
      if (value.queue.parked > 0) return { text: `${value.queue.parked} parked`, tone: 'warning' };
      return value.queue.waiting > 0 ? { text: String(value.queue.waiting), tone: 'neutral' } : undefined;
    },
    verbs: () => [
      {
        id: 'queue.purge',
        label: 'Purge Queue...',
        slot: 'tasks',
        accessKey: 'p',
        confirm: {
          title: 'Purge Queue',
          question: 'Are you sure you want to cancel every delivery in the queue?',
          effect:
            'The sealed passwords are erased permanently. The persons concerned have to change their password again.',
          answer: 'Purge',
        },
        run: async () => {
          await services.session.client.call('queue.purge', {});
        },
      },
    ],
    list: opaqueList<QueueRow>({
      columns,
      empty: { title: 'The queue is empty', hint: 'Every password change has reached its targets.' },
      useRows: () => {
        const { value, loading, problem } = useReading('queue.list', { limit: 1000 }, ['queue.changed']);
        return { rows: value?.rows ?? [], loading, ...(problem && { problem }) };
      },
      keyOf: (row) => String(row.id),
      iconOf: (row) => (row.state === 'parked' ? 'parked' : 'waiting'),
      verbsOf: (rows) => queueVerbs(rows, services),
    }),
  };
}

function queueVerbs(rows: readonly QueueRow[], { session, notify }: NodeServices): readonly Verb[] {
  const ids = rows.map((row) => row.id);
  const subject =
    rows.length === 1
      ? `the delivery for "${rows[0]?.account}" to "${rows[0]?.agentName}"`
      : `${rows.length} deliveries`;
  return [
    {
      id: 'queue.release',
      label: rows.some((row) => row.state === 'parked') ? 'Release' : 'Retry Now',
      slot: 'top',
      accessKey: 'r',
      isDefault: true,
      run: async () => {
        const { count } = await session.client.call('queue.release', { ids });
        notify({ tone: 'information', title: `${count} of ${ids.length} due now` });
      },
    },
    {
      id: 'queue.cancel',
      label: 'Cancel Delivery...',
      slot: 'edit',
      accessKey: 'c',
      shortcut: 'Delete',
      confirm: {
        title: 'Cancel Delivery',
        question: `Are you sure you want to cancel ${subject}?`,
        effect: 'The sealed password is erased permanently. The target keeps the password that it has.',
        answer: 'Cancel Delivery',
      },
      run: async () => {
        await session.client.call('queue.cancel', { ids });
      },
    },
  ];
}
