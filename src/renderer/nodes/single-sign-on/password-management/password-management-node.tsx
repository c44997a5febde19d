import { useMemo } from 'react';

import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import { useReading } from '#state/use-reading.ts';

import type { NodeServices } from '../../node-services.ts';
import { exportVerb } from '../../snapshots/export-verb.ts';
import { importVerbs } from '../definition/import-verbs.tsx';
import { adapterNode } from './adapter-node.tsx';
import { adapterVerbs } from './adapter-verbs.tsx';
import { filterVerbs } from './filter-verbs.tsx';
import { type ManagedRow, useManagedRows } from './use-managed-rows.ts';

function kindWords(row: ManagedRow): string {
  if (row.kind === 'filter') return 'Password filter';
  return row.adapter.kind === 'group-adapter' ? 'Group adapter' : 'Adapter';
}

function whenAdapter<T>(row: ManagedRow, read: (row: Extract<ManagedRow, { kind: 'adapter' }>) => T) {
  return row.kind === 'adapter' ? read(row) : undefined;
}

const columns: readonly Column<ManagedRow>[] = [
  { id: 'name', title: 'Name', width: 150, value: (row) => row.name },
  { id: 'kind', title: 'Kind', width: 105, value: kindWords },
  {
    id: 'enabled',
    title: 'State',
    width: 80,
    value: (row) => whenAdapter(row, ({ adapter }) => (adapter.enabled ? 'Enabled' : 'Disabled')),
  },
  {
    id: 'online',
    title: 'Connection',
    width: 85,
    value: (row) => whenAdapter(row, ({ state }) => state && (state.online ? 'Online' : 'Offline')),
  },
  {
    id: 'waiting',
    title: 'Waiting',
    width: 70,
    kind: 'number',
    value: (row) => whenAdapter(row, ({ state }) => state?.waiting),
  },
  {
    id: 'unconfirmed',
    title: 'Unconfirmed',
    width: 104,
    kind: 'number',
    value: (row) => whenAdapter(row, ({ state }) => state?.unconfirmed),
  },
  { id: 'applications', title: 'Applications', width: 150, value: (row) => row.applications.join(', ') },
  {
    id: 'computer',
    title: 'Computer',
    width: 150,
    value: (row) => whenAdapter(row, ({ adapter }) => adapter.computer),
  },
  {
    id: 'group',
    title: 'Adapter group',
    width: 110,
    value: (row) =>
      whenAdapter(row, ({ adapter, members }) => adapter.group ?? (members.join(', ') || undefined)),
  },
  {
    id: 'heard',
    title: 'Last heard',
    width: 164,
    kind: 'time',
    hidden: true,
    value: (row) => whenAdapter(row, ({ state }) => state?.heardAt),
  },
  {
    id: 'description',
    title: 'Description',
    width: 220,
    value: (row) => (row.kind === 'adapter' ? row.adapter.description : row.filter.description),
  },
];

/** Password Management: adapters with how they stand, group adapters, and password filters. */
export function passwordManagementNode(services: NodeServices): ScopeNode {
  const { session, openDialog, notify } = services;
  const create: Verb = {
    id: 'sso.adapter.new',
    label: 'Create...',
    slot: 'new',
    accessKey: 'c',
    run: async () => {
      const [{ CreateAdapterWizard }, known] = await Promise.all([
        import('./CreateAdapterWizard.tsx'),
        session.client.call('sso.adapters', {}),
      ]);
      const taken = known.map(({ adapter }) => adapter.name);
      openDialog((close) => <CreateAdapterWizard taken={taken} onClose={close} />);
    },
  };
  const verbs: readonly Verb[] = [
    create,
    {
      id: 'sso.filter.new',
      label: 'Create Filter...',
      slot: 'new',
      accessKey: 'f',
      run: async () => {
        const [{ CreateFilterWizard }, known] = await Promise.all([
          import('./CreateFilterWizard.tsx'),
          session.client.call('sso.filters', {}),
        ]);
        const taken = known.map(({ name }) => name);
        openDialog((close) => <CreateFilterWizard taken={taken} onClose={close} />);
      },
    },
    ...importVerbs('adapters', services),
    exportVerb(services, ['adapters', 'filters']),
    {
      id: 'sso.adapters.reset',
      label: 'Reset All Notifications...',
      slot: 'tasks',
      accessKey: 'r',
      confirm: {
        title: 'Reset All Notifications',
        question: 'Are you sure you want to empty the notification queues of every adapter?',
        effect:
          'The passwords that wait are erased permanently. The persons concerned have to change their password again.',
        answer: 'Reset',
      },
      run: async () => {
        const { dropped } = await session.client.call('adapters.reset', { what: 'all' });
        notify({ tone: 'information', title: `${dropped} notifications were dropped` });
      },
    },
    {
      id: 'sso.damping.show',
      label: 'Show Damping Table...',
      slot: 'tasks',
      accessKey: 's',
      run: async () => {
        const { DampingDialog } = await import('./DampingDialog.tsx');
        openDialog((close) => <DampingDialog onClose={close} />);
      },
    },
    {
      id: 'sso.damping.reset',
      label: 'Reset Damping Table...',
      slot: 'tasks',
      accessKey: 'd',
      confirm: {
        title: 'Reset Damping Table',
        question: 'Do you want to forget which password changes were carried out in the last 10 minutes?',
        effect: 'A change that comes back is carried out once more instead of being dropped as an echo.',
        answer: 'Reset',
      },
      run: async () => {
        await session.client.call('adapters.reset', { what: 'damping' });
        notify({ tone: 'information', title: 'The damping table is empty' });
      },
    },
  ];
  return {
    id: 'password-management',
    label: 'Password Management',
    icon: 'key',
    help: 'password-management',
    verbs: () => verbs,
    list: opaqueList<ManagedRow>({
      columns,
      empty: {
        title: 'No password sync adapters and no password filters',
        hint: 'An adapter changes and reports the passwords of an external system.',
        action: create,
      },
      useRows: useManagedRows,
      keyOf: (row) => `${row.kind} ${row.name}`,
      iconOf: (row) => {
        if (row.kind === 'filter') return 'key';
        if (!row.adapter.enabled) return 'stopped';
        return row.state?.online === false ? 'warning' : 'good';
      },
      verbsOf: (rows) => {
        const [row, ...others] = rows;
        if (row === undefined || others.length > 0) return [];
        return row.kind === 'adapter' ? adapterVerbs(row, services) : filterVerbs(row, services);
      },
    }),
    useChildren: () => {
      const { value, loading } = useReading('sso.adapters', {}, ['sso.changed']);
      const nodes = useMemo(
        () =>
          (value ?? []).map((row) =>
            adapterNode({ kind: 'adapter', name: row.adapter.name, ...row, state: undefined }, services),
          ),
        [value],
      );
      return { nodes, loading };
    },
  };
}
