import { opaqueList, type ScopeNode } from '#console/scope-node.ts';

import type { NodeServices } from '../node-services.ts';
import { serversNode } from './servers-node.tsx';
import { systemNode } from './system-node.tsx';

/** Enterprise Single Sign-On: the system, its servers, applications and adapters. */
export function singleSignOnNode(services: NodeServices): ScopeNode {
  const nodes: readonly ScopeNode[] = [
    systemNode(services),
    serversNode(services),
    {
      id: 'applications',
      label: 'Affiliate Applications',
      icon: 'application',
      help: 'single-sign-on',
      list: opaqueList<never>({
        columns: [
          { id: 'name', title: 'Name', width: 180, value: () => undefined },
          { id: 'type', title: 'Type', width: 100, value: () => undefined },
          { id: 'description', title: 'Description', width: 240, value: () => undefined },
        ],
        empty: {
          title: 'No affiliate applications',
          hint: 'Applications are kept by a single sign-on server, and none is connected.',
        },
        useRows: () => ({ rows: [], loading: false }),
        keyOf: () => '',
      }),
    },
    {
      id: 'password-management',
      label: 'Password Management',
      icon: 'key',
      help: 'single-sign-on',
      list: opaqueList<never>({
        columns: [
          { id: 'name', title: 'Name', width: 180, value: () => undefined },
          { id: 'description', title: 'Description', width: 240, value: () => undefined },
        ],
        empty: {
          title: 'No password sync adapters',
          hint: 'Adapters are kept by a single sign-on server, and none is connected.',
        },
        useRows: () => ({ rows: [], loading: false }),
        keyOf: () => '',
      }),
    },
  ];
  return {
    id: 'single-sign-on',
    label: 'Enterprise Single Sign-On',
    icon: 'key',
    help: 'single-sign-on',
    list: opaqueList<ScopeNode>({
      columns: [{ id: 'name', title: 'Name', width: 240, value: (node) => node.label }],
      empty: { title: 'Nothing here', hint: '' },
      useRows: () => ({ rows: nodes, loading: false }),
      keyOf: (node) => node.id,
      iconOf: (node) => node.icon,
    }),
    useChildren: () => ({ nodes, loading: false }),
  };
}
