import { useMemo } from 'react';

import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { useReading } from '#state/use-reading.ts';

import { listDataOf } from '../../lists/list-data-of.ts';
import type { NodeServices } from '../../node-services.ts';
import { exportVerb } from '../../snapshots/export-verb.ts';
import { importVerbs } from '../definition/import-verbs.tsx';
import { applicationNode } from '../mappings/application-node.tsx';
import { applicationVerbs } from './application-verbs.tsx';
import { typeWords } from './application-words.ts';

const columns: readonly Column<SsoApplication>[] = [
  { id: 'name', title: 'Name', width: 160, value: (row) => row.name },
  { id: 'state', title: 'State', width: 80, value: (row) => (row.enabled ? 'Enabled' : 'Disabled') },
  { id: 'type', title: 'Type', width: 90, value: (row) => typeWords[row.type] },
  { id: 'description', title: 'Description', width: 220, value: (row) => row.description },
  { id: 'contact', title: 'Contact', width: 180, spare: true, value: (row) => row.contact },
  { id: 'adapter', title: 'Adapter', width: 120, spare: true, value: (row) => row.adapter },
  { id: 'filter', title: 'Password filter', width: 110, spare: true, value: (row) => row.passwordFilter },
  {
    id: 'users',
    title: 'Application Users',
    width: 200,
    hidden: true,
    value: (row) => row.windowsAccount ?? row.users.join('; '),
  },
  {
    id: 'administrators',
    title: 'Application Administrators',
    width: 200,
    hidden: true,
    value: (row) => row.administrators.join('; '),
  },
];

function useApplications() {
  return listDataOf(useReading('sso.applications', {}, ['sso.changed']));
}

/** Affiliate Applications: what single sign-on has credentials for; each application's node has its mappings. */
export function applicationsNode(services: NodeServices): ScopeNode {
  const { session, openDialog } = services;
  const create: Verb = {
    id: 'sso.application.new',
    label: 'New...',
    slot: 'new',
    accessKey: 'n',
    run: async () => {
      const [{ CreateApplicationWizard }, known] = await Promise.all([
        import('./CreateApplicationWizard.tsx'),
        session.client.call('sso.applications', {}),
      ]);
      const taken = known.map(({ name }) => name);
      openDialog((close) => <CreateApplicationWizard taken={taken} onClose={close} />);
    },
  };
  return {
    id: 'applications',
    label: 'Affiliate Applications',
    icon: 'application',
    help: 'affiliate-applications',
    verbs: () => [create, ...importVerbs('applications', services), exportVerb(services, ['applications'])],
    list: opaqueList<SsoApplication>({
      columns,
      empty: {
        title: 'No affiliate applications',
        hint: 'Make one for each system that keeps accounts of its own.',
        action: create,
      },
      useRows: useApplications,
      keyOf: (row) => row.name,
      iconOf: (row) => (row.enabled ? 'application' : 'stopped'),
      verbsOf: (rows) => applicationVerbs(rows, services),
    }),
    useChildren: () => {
      const { rows, loading } = useApplications();
      const nodes = useMemo(() => rows.map((application) => applicationNode(application, services)), [rows]);
      return { nodes, loading };
    },
  };
}
