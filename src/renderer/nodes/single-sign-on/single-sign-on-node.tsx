import { opaqueList, type ScopeNode } from '#console/scope-node.ts';

import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';
import { applicationsNode } from './applications/applications-node.tsx';
import { auditNode } from './audit/audit-node.tsx';
import { passwordManagementNode } from './password-management/password-management-node.tsx';
import { serversNode } from './servers-node.tsx';
import { systemNode } from './system-node.tsx';

/** Enterprise Single Sign-On: the system, its servers, applications and adapters. */
export function singleSignOnNode(services: NodeServices): ScopeNode {
  const nodes: readonly ScopeNode[] = [
    systemNode(services),
    serversNode(services),
    applicationsNode(services),
    passwordManagementNode(services),
    auditNode(services),
  ];
  return {
    id: 'single-sign-on',
    label: 'Enterprise Single Sign-On',
    icon: 'key',
    help: 'single-sign-on',
    verbs: () => [exportVerb(services, ['singleSignOn', 'applications', 'adapters', 'filters'])],
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
