import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { Verb } from '#console/verb.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { Session } from '#state/session.ts';
import { useReading } from '#state/use-reading.ts';
import type { NodeServices } from '../node-services.ts';
import { AgentTestDialog } from './AgentTestDialog.tsx';

const kinds: Readonly<Record<string, string>> = {
  'active-directory': 'Active Directory Domain Services',
  ldap: 'LDAP directory',
};

const columns: readonly Column<AgentRow>[] = [
  { id: 'name', title: 'Name', width: 170, value: (row) => row.name },
  { id: 'type', title: 'Type', width: 200, value: (row) => kinds[row.kind] ?? row.kind },
  { id: 'state', title: 'State', width: 110, value: stateOf },
  {
    id: 'lastRun',
    title: 'Last run',
    width: 190,
    value: (row) => row.lastRun && `${row.lastRun.profile}: ${row.lastRun.result ?? 'in progress'}`,
  },
  { id: 'joined', title: 'Joined', width: 70, kind: 'number', value: (row) => row.joined },
  { id: 'connectors', title: 'Connectors', width: 85, kind: 'number', value: (row) => row.connectors },
  { id: 'waiting', title: 'Waiting', width: 70, kind: 'number', value: (row) => row.waiting },
  { id: 'parked', title: 'Parked', width: 65, kind: 'number', value: (row) => row.parked },
  {
    id: 'password',
    title: 'Password management',
    width: 140,
    value: (row) => (row.passwordManagement ? 'Enabled' : 'Disabled'),
  },
  { id: 'source', title: 'Source of', width: 120, value: (row) => row.sourceDomains.join(', ') },
  { id: 'description', title: 'Description', width: 220, value: (row) => row.description },
  { id: 'id', title: 'Identifier', width: 260, hidden: true, value: (row) => row.id },
];

function stateOf(row: AgentRow): string {
  if (row.lastRun !== undefined && row.lastRun.result === undefined) return 'Running';
  if (row.hold) return 'On hold';
  if (row.breaker === 'open') return 'Not reachable';
  return row.breaker === 'half-open' ? 'Probing' : 'Idle';
}

/** Management Agents: what each connected directory is, how it stands, and its runs. */
export function agentsNode(services: NodeServices): ScopeNode {
  return {
    id: 'agents',
    label: 'Management Agents',
    icon: 'agents',
    help: 'management-agents',
    list: opaqueList<AgentRow>({
      columns,
      empty: {
        title: 'No management agents',
        hint: 'A management agent connects one directory. Add the first to the configuration file, then press F5.',
      },
      useRows: () => {
        const { value, loading, problem } = useReading('agents.list', {}, [
          'agents.changed',
          'agents.runChanged',
          'queue.changed',
        ]);
        return { rows: value ?? [], loading, ...(problem && { problem }) };
      },
      keyOf: (row) => row.id,
      iconOf: (row) => (row.breaker === 'open' ? 'warning' : row.hold ? 'parked' : 'agent'),
      verbsOf: (rows) => agentVerbs(rows, services),
    }),
  };
}

function agentVerbs(
  rows: readonly AgentRow[],
  { session, openDialog, notify }: NodeServices,
): readonly Verb[] {
  const each =
    (work: (row: AgentRow, client: Session['client']) => Promise<unknown>) => async (): Promise<void> => {
      for (const row of rows) await work(row, session.client);
    };
  const [only] = rows;
  if (only === undefined) return [];
  const single: Verb[] =
    rows.length > 1
      ? []
      : [
          {
            id: 'agent.test',
            label: 'Test Connection',
            slot: 'top',
            accessKey: 'c',
            isDefault: true,
            run: () =>
              openDialog((close) => <AgentTestDialog agent={only} session={session} onClose={close} />),
          },
        ];
  const run = (profile: string, label: string, accessKey: string): Verb => ({
    id: `agent.run.${profile}`,
    label,
    slot: 'tasks',
    accessKey,
    run: each(async (row, client) => {
      const done = await client.call('agents.run', { agent: row.id, profile, wait: true });
      notify({
        tone: done.result === 'success' ? 'success' : 'warning',
        title: `${row.name}: ${profile}`,
        body: done.result ?? 'in progress',
      });
    }),
  });
  return [
    ...single,
    run('Full Import and Full Synchronization', 'Run Full Import', 'f'),
    run('Delta Import and Delta Synchronization', 'Run Delta Import', 'd'),
    {
      id: 'agent.stop',
      label: 'Stop',
      slot: 'tasks',
      accessKey: 's',
      run: each((row, client) => client.call('agents.stop', { agent: row.id })),
    },
    {
      id: 'agent.hold',
      label: 'Hold Deliveries...',
      slot: 'tasks',
      accessKey: 'h',
      ...(rows.every((row) => row.hold) && { disabled: 'Deliveries are on hold already' }),
      confirm: {
        title: 'Hold Deliveries',
        question: `Do you want to hold the deliveries to ${nameOf(rows)}?`,
        effect: 'Password changes wait, sealed, until deliveries are resumed or the changes expire.',
        answer: 'Hold',
      },
      run: each((row, client) => client.call('password.hold', { agent: row.id })),
    },
    {
      id: 'agent.resume',
      label: 'Resume Deliveries',
      slot: 'tasks',
      accessKey: 'r',
      ...(rows.every((row) => !row.hold) && { disabled: 'Deliveries are not on hold' }),
      run: each((row, client) => client.call('password.resume', { agent: row.id })),
    },
  ];
}

function nameOf(rows: readonly AgentRow[]): string {
  return rows.length === 1 ? `"${rows[0]?.name}"` : `${rows.length} management agents`;
}
