import type { ScopeNode } from '#console/scope-node.ts';
import { domainControllersNode } from '../domain-controllers/domain-controllers-node.ts';
import { eventsNode } from '../events/events-node.tsx';
import { explainNode } from '../explain/explain-node.tsx';
import { historyNode } from '../history/history-node.tsx';
import { joinerNode } from '../joiner/joiner-node.tsx';
import { lazyPage } from '../lazy-page.tsx';
import { liveNode } from '../live/live-node.tsx';
import { agentsNode } from '../management-agents/agents-node.tsx';
import { metaverseDesignerNode } from '../metaverse-designer/metaverse-designer-node.tsx';
import { metaverseSearchNode } from '../metaverse-search/metaverse-search-node.tsx';
import type { NodeServices } from '../node-services.ts';
import { operationsNode } from '../operations/operations-node.tsx';
import { queueNode } from '../queue/queue-node.ts';
import { singleSignOnNode } from '../single-sign-on/single-sign-on-node.tsx';
import { exportVerb } from '../snapshots/export-verb.ts';
import { snapshotsNode } from '../snapshots/snapshots-node.tsx';
import { traceNode } from '../trace/trace-node.tsx';
import { StatusPage } from './StatusPage.tsx';

/** The whole tree; a new node is one more line here. */
export function rootNode(services: NodeServices): ScopeNode {
  const identityNodes = [
    agentsNode(services),
    operationsNode(services),
    metaverseDesignerNode(services),
    metaverseSearchNode,
    joinerNode,
  ];
  const identityManager: ScopeNode = {
    id: 'identity-manager',
    label: 'Identity Manager',
    icon: 'people',
    help: 'identity-manager',
    verbs: () => [exportVerb(services, ['agents', 'metaverse'])],
    Page: lazyPage(async () => {
      const { IdentityManagerPage } = await import('../overview/IdentityManagerPage.tsx');
      return () => <IdentityManagerPage nodes={identityNodes} />;
    }),
    useChildren: () => ({ nodes: identityNodes, loading: false }),
  };
  const passwordNodes = [
    liveNode(services),
    queueNode(services),
    historyNode(services),
    traceNode(services),
    { ...domainControllersNode, verbs: () => [exportVerb(services, ['pcns'])] },
    eventsNode(services),
    explainNode,
  ];
  const passwordSync: ScopeNode = {
    id: 'password-synchronization',
    label: 'Password Synchronization',
    icon: 'sync',
    help: 'password-synchronization',
    verbs: () => [exportVerb(services, ['passwordSync'])],
    Page: lazyPage(async () => {
      const { PasswordSynchronizationPage } = await import('../overview/PasswordSynchronizationPage.tsx');
      return () => <PasswordSynchronizationPage nodes={passwordNodes} />;
    }),
    useChildren: () => ({ nodes: passwordNodes, loading: false }),
  };
  const nodes = [singleSignOnNode(services), identityManager, passwordSync, snapshotsNode(services)];
  return {
    id: 'carillon',
    label: 'Carillon',
    icon: 'carillon',
    help: 'start',
    verbs: () => [exportVerb(services)],
    Page: StatusPage,
    useChildren: () => ({ nodes, loading: false }),
  };
}
