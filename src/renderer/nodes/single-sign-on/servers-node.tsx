import { useMemo } from 'react';

import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import { allowsIdentityManager, type SingleSignOn, type SsoServer } from '#shared/model/single-sign-on.ts';
import { useReading } from '#state/use-reading.ts';

import type { NodeServices } from '../node-services.ts';

interface ServerRow extends SsoServer {
  readonly keepsSecret: boolean;
}

function rowsOf(singleSignOn: SingleSignOn | undefined): readonly ServerRow[] {
  if (singleSignOn === undefined) return [];
  const keeper = singleSignOn.system.masterSecretServer?.toLowerCase();
  return singleSignOn.servers.map((server) => ({
    ...server,
    keepsSecret: server.name.toLowerCase() === keeper,
  }));
}

const columns: readonly Column<ServerRow>[] = [
  { id: 'name', title: 'Name', width: 190, value: (row) => row.name },
  // Nothing answers for a single sign-on server here.
  { id: 'status', title: 'Status', width: 80, value: () => 'Offline' },
  { id: 'date', title: 'Date', width: 80, value: () => undefined },
  { id: 'time', title: 'Time', width: 80, value: () => undefined },
  { id: 'server', title: 'SSO Server', width: 190, value: (row) => row.name },
  { id: 'account', title: 'Service Account', width: 150, value: (row) => row.serviceAccount },
  { id: 'database', title: 'SSO Database', width: 110, value: (row) => row.database },
  { id: 'secret', title: 'Secret Server', width: 95, value: (row) => row.keepsSecret },
  {
    id: 'sync',
    title: 'Password Sync',
    width: 110,
    value: (row) => allowsIdentityManager(row) || row.allowPasswordSyncFromPcns,
    text: (row) => (allowsIdentityManager(row) || row.allowPasswordSyncFromPcns ? 'Allowed' : 'Not allowed'),
  },
  {
    id: 'computer',
    title: 'Computer',
    width: 110,
    value: (row) => row.name.split('.')[0]?.slice(0, 15).toUpperCase(),
  },
  { id: 'events', title: 'Event counts', width: 95, value: () => undefined },
  { id: 'version', title: 'Version', width: 80, value: () => undefined },
];

/** Servers: the SSO servers that this system has. */
export function serversNode(services: NodeServices): ScopeNode {
  const { session, openDialog } = services;
  const add: Verb = {
    id: 'sso.add',
    label: 'Add Server...',
    slot: 'top',
    accessKey: 'a',
    run: async () => {
      const [{ AddServerDialog }, reading] = await Promise.all([
        import('./AddServerDialog.tsx'),
        session.client.call('configuration.get', {}),
      ]);
      openDialog((close) => <AddServerDialog reading={reading} onClose={close} />);
    },
  };
  return {
    id: 'servers',
    label: 'Servers',
    icon: 'servers',
    help: 'single-sign-on',
    verbs: () => [add],
    list: opaqueList<ServerRow>({
      columns,
      empty: { title: 'No servers', hint: 'Add the computer that runs single sign-on.', action: add },
      useRows: () => {
        const { value, loading, problem } = useReading('configuration.get', {}, ['configuration.changed']);
        const singleSignOn = value?.configuration.singleSignOn;
        const rows = useMemo(() => rowsOf(singleSignOn), [singleSignOn]);
        return { rows, loading, ...(problem && { problem }) };
      },
      keyOf: (row) => row.name,
      iconOf: () => 'server',
      verbsOf: (rows) => serverVerbs(rows, services),
    }),
  };
}

function serverVerbs(rows: readonly ServerRow[], { session, openDialog }: NodeServices): readonly Verb[] {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) return [];
  return [
    {
      id: 'sso.remove',
      label: 'Delete',
      slot: 'edit',
      accessKey: 'd',
      shortcut: 'Delete',
      confirm: {
        title: 'Delete',
        question: `Are you sure you want to delete the server "${row.name}" from this console?`,
        effect: 'Its properties are forgotten. The computer itself stays as it is.',
        answer: 'Delete',
      },
      run: async () => {
        const { configuration, revision } = await session.client.call('configuration.get', {});
        const index = configuration.singleSignOn.servers.findIndex(({ name }) => name === row.name);
        await session.client.call('configuration.set', {
          changes: [{ path: ['singleSignOn', 'servers', index] }],
          revision,
        });
      },
    },
    {
      id: 'sso.server.properties',
      label: 'Properties',
      slot: 'properties',
      accessKey: 'p',
      shortcut: 'Alt+Enter',
      isDefault: true,
      run: async () => {
        const [{ ServerSheet }, reading] = await Promise.all([
          import('./ServerSheet.tsx'),
          session.client.call('configuration.get', {}),
        ]);
        openDialog((close) => <ServerSheet name={row.name} reading={reading} onClose={close} />);
      },
    },
  ];
}
