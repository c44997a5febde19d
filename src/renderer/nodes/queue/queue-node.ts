import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { QueueRow } from '#shared/contract/queue.ts';
import { useReading } from '#state/use-reading.ts';

import { openTrace } from '../changes/open-trace.tsx';
import { listDataOf } from '../lists/list-data-of.ts';
import type { NodeServices } from '../node-services.ts';

const columns: readonly Column<QueueRow>[] = [
  { id: 'account', title: 'Account', width: 170, value: (row) => row.account },
  { id: 'target', title: 'Target', width: 140, value: (row) => row.agentName },
  { id: 'state', title: 'State', width: 80, value: (row) => (row.state === 'parked' ? 'Parked' : 'Waiting') },
  { id: 'attempts', title: 'Attempts', width: 75, spare: true, kind: 'number', value: (row) => row.attempts },
  {
    id: 'received',
    title: 'Received',
    width: 164,
    spare: true,
    kind: 'time',
    value: (row) => row.receivedAt,
  },
  { id: 'next', title: 'Next attempt', width: 164, kind: 'time', value: (row) => row.nextAttemptAt },
  {
    id: 'age',
    title: 'Age',
    width: 110,
    kind: 'number',
    value: (row) => Date.now() - row.receivedAt,
    text: ageWords,
  },
  { id: 'expires', title: 'Expires', width: 164, spare: true, kind: 'time', value: (row) => row.expiresAt },
  {
    id: 'event',
    title: 'Event',
    width: 60,
    spare: true,
    kind: 'number',
    value: (row) => row.lastEvent,
    text: (row) => String(row.lastEvent ?? ''),
  },
  { id: 'why', title: 'Last result', width: 260, value: (row) => row.lastDetail ?? row.lastResult },
  { id: 'tracking', title: 'Tracking ID', width: 260, hidden: true, value: (row) => row.trackingId },
];

/** `2 h of 72 h`: how long it waits, and how long it may. */
function ageWords({ receivedAt, expiresAt }: QueueRow): string {
  return `${duration(Date.now() - receivedAt)} of ${duration(expiresAt - receivedAt)}`;
}

function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes === 0) return `${Math.max(0, Math.floor(milliseconds / 1000))} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

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
        const reading = useReading('queue.list', { limit: 1000 }, ['queue.changed']);
        const { rows, total = 0 } = reading.value ?? {};
        return { ...listDataOf({ ...reading, value: rows }), whole: total };
      },
      keyOf: (row) => String(row.id),
      iconOf: (row) => (row.state === 'parked' ? 'parked' : 'waiting'),
      verbsOf: (rows) => queueVerbs(rows, services),
    }),
  };
}

function queueVerbs(
  rows: readonly QueueRow[],
  { session, notify, openDialog }: NodeServices,
): readonly Verb[] {
  const ids = rows.map((row) => row.id);
  const subject =
    rows.length === 1
      ? `the delivery for "${rows[0]?.account}" to "${rows[0]?.agentName}"`
      : `${rows.length} deliveries`;
  const parked = rows.filter(({ state }) => state === 'parked').length;
  const release = async (): Promise<void> => {
    const { count } = await session.client.call('queue.release', { ids });
    notify({ tone: 'information', title: `${count} of ${ids.length} due now` });
  };
  return [
    {
      id: 'queue.retry',
      label: 'Retry Now',
      slot: 'top',
      accessKey: 'r',
      isDefault: parked === 0,
      ...(parked > 0 && { disabled: 'A parked delivery is released' }),
      run: release,
    },
    {
      id: 'queue.release',
      label: 'Release',
      slot: 'top',
      accessKey: 'l',
      isDefault: parked > 0,
      ...(parked < rows.length && { disabled: 'Only what is parked can be released' }),
      run: release,
    },
    {
      id: 'queue.park',
      label: 'Park...',
      slot: 'top',
      accessKey: 'p',
      ...(parked > 0 && { disabled: 'It is parked already' }),
      confirm: {
        title: 'Park',
        question: `Do you want to park ${subject}?`,
        effect: 'The password stays sealed and waits until the delivery is released, cancelled, or too old.',
        answer: 'Park',
      },
      run: async () => {
        await session.client.call('queue.park', { ids });
      },
    },
    {
      id: 'queue.trace',
      label: 'Trace',
      slot: 'top',
      accessKey: 't',
      ...(rows.length > 1 && { disabled: 'Select one delivery' }),
      run: async () => {
        const [row] = rows;
        if (row !== undefined) await openTrace(row.trackingId, session, openDialog);
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
