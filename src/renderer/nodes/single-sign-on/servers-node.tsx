import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { SsoServerRow } from '#shared/contract/sso-servers.ts';
import { useReading } from '#state/use-reading.ts';
import type { IconName } from '#ui/icon-paths.ts';

import { listDataOf } from '../lists/list-data-of.ts';
import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';
import { serverVerbs } from './server-verbs.tsx';

const dayOf = (at: number): string => new Date(at).toLocaleDateString(undefined, { dateStyle: 'short' });
const timeOf = (at: number): string => new Date(at).toLocaleTimeString(undefined, { timeStyle: 'medium' });

const columns: readonly Column<SsoServerRow>[] = [
  { id: 'name', title: 'Name', width: 190, value: (row) => row.name },
  { id: 'status', title: 'Status', width: 80, value: (row) => row.status },
  {
    id: 'date',
    title: 'Date',
    width: 80,
    kind: 'time',
    value: (row) => row.at,
    text: ({ at }) => (at === undefined ? '' : dayOf(at)),
  },
  {
    id: 'time',
    title: 'Time',
    width: 94,
    kind: 'time',
    value: (row) => row.at,
    text: ({ at }) => (at === undefined ? '' : timeOf(at)),
  },
  { id: 'server', title: 'SSO Server', width: 190, value: (row) => row.name },
  { id: 'account', title: 'Service Account', width: 150, value: (row) => row.serviceAccount },
  { id: 'database', title: 'SSO Database', width: 110, value: (row) => row.database },
  {
    id: 'secret',
    title: 'Secret Server',
    width: 95,
    value: (row) => row.secretServer,
    text: (row) => (row.secretServer ? 'Yes' : 'No'),
  },
  {
    id: 'sync',
    title: 'Password Sync',
    width: 110,
    value: (row) => row.passwordSync,
    text: (row) => (row.passwordSync ? 'Allowed' : 'Not allowed'),
  },
  { id: 'computer', title: 'Computer', width: 110, value: (row) => row.computer },
  {
    id: 'events',
    title: 'Event counts',
    width: 170,
    value: ({ events }) => events && events.information + events.warning + events.error,
    text: ({ events }) =>
      events === undefined
        ? ''
        : `Info ${events.information}, Warning ${events.warning}, Errors ${events.error}`,
  },
  { id: 'version', title: 'Version', width: 100, value: (row) => row.version },
];

const icons: Partial<Record<SsoServerRow['status'], IconName>> = { Online: 'good', Stopped: 'stopped' };
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
  const discover: Verb = {
    id: 'sso.discover',
    label: 'Discover Servers...',
    slot: 'top',
    accessKey: 'd',
    run: async () => {
      const { DiscoverServersDialog } = await import('./DiscoverServersDialog.tsx');
      openDialog((close) => <DiscoverServersDialog onClose={close} />);
    },
  };
  return {
    id: 'servers',
    label: 'Servers',
    icon: 'servers',
    help: 'single-sign-on',
    verbs: () => [add, discover, exportVerb(services, ['singleSignOn'])],
    list: opaqueList<SsoServerRow>({
      columns,
      empty: { title: 'No servers', hint: 'Add the computer that runs single sign-on.', action: add },
      useRows: () => {
        return listDataOf(useReading('sso.servers', {}, ['configuration.changed', 'sso.changed']));
      },
      keyOf: (row) => row.name,
      iconOf: (row) => icons[row.status] ?? 'server',
      verbsOf: (rows) => serverVerbs(rows, services),
    }),
  };
}
