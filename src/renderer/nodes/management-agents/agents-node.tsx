import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import { agentKinds } from '#shared/text/agent-words.ts';
import { useReading } from '#state/use-reading.ts';
import { listDataOf } from '../lists/list-data-of.ts';
import { migrateVerb } from '../migration/migrate-verb.tsx';
import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';
import { agentStateOf } from './agent-state.ts';
import { agentVerbs } from './agent-verbs.tsx';
import { openCreateWizard } from './open-create-wizard.tsx';

const kinds: Readonly<Record<string, string>> = agentKinds;

const columns: readonly Column<AgentRow>[] = [
  { id: 'name', title: 'Name', width: 170, value: (row) => row.name },
  { id: 'type', title: 'Type', width: 180, value: (row) => kinds[row.kind] ?? row.kind },
  { id: 'description', title: 'Description', width: 150, value: (row) => row.description },
  { id: 'state', title: 'State', width: 90, value: agentStateOf },
  {
    id: 'lastRun',
    title: 'Last run',
    width: 170,
    value: (row) => row.lastRun && `${row.lastRun.profile}: ${row.lastRun.result ?? 'in progress'}`,
  },
  { id: 'joined', title: 'Joined', width: 70, spare: true, kind: 'number', value: (row) => row.joined },
  {
    id: 'connectors',
    title: 'Connectors',
    width: 85,
    spare: true,
    kind: 'number',
    value: (row) => row.connectors,
  },
  { id: 'waiting', title: 'Waiting', width: 70, spare: true, kind: 'number', value: (row) => row.waiting },
  { id: 'parked', title: 'Parked', width: 65, spare: true, kind: 'number', value: (row) => row.parked },
  {
    id: 'password',
    title: 'Password management',
    width: 120,
    value: (row) => (row.passwordManagement ? (row.shadow ? 'Shadow mode' : 'Live') : 'Disabled'),
  },
  { id: 'source', title: 'Source of', width: 120, spare: true, value: (row) => row.sourceDomains.join(', ') },
  { id: 'id', title: 'Identifier', width: 260, hidden: true, value: (row) => row.id },
];

/** Management Agents: what each connected directory is, how it stands, and its runs. */
export function agentsNode(services: NodeServices): ScopeNode {
  const create: Verb = {
    id: 'agents.create',
    label: 'Create...',
    slot: 'top',
    accessKey: 'c',
    run: () => openCreateWizard(services),
  };
  return {
    verbs: () => [create, migrateVerb(services), exportVerb(services, ['agents'])],
    id: 'agents',
    label: 'Management Agents',
    icon: 'agents',
    help: 'management-agents',
    list: opaqueList<AgentRow>({
      columns,
      empty: {
        title: 'No management agents',
        hint: 'A management agent connects one directory.',
        action: create,
      },
      useRows: () => {
        return listDataOf(
          useReading('agents.list', {}, [
            'agents.changed',
            'agents.runChanged',
            'configuration.changed',
            'queue.changed',
          ]),
        );
      },
      keyOf: (row) => row.id,
      iconOf: (row) => (row.breaker === 'open' ? 'warning' : row.hold ? 'parked' : 'agent'),
      verbsOf: (rows) => agentVerbs(rows, services),
    }),
  };
}
