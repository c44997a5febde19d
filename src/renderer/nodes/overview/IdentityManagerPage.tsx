import { makeStyles } from '@fluentui/react-components';

import { inOneLine } from '#console/problem-of.ts';
import type { ScopeNode } from '#console/scope-node.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import { agentKinds } from '#shared/text/agent-words.ts';
import { useReading } from '#state/use-reading.ts';
import { ReadTable } from '../lists/ReadTable.tsx';
import { agentStateOf } from '../management-agents/agent-state.ts';
import { type EntryState, NodeEntries } from './NodeEntries.tsx';
import { Tiles } from './Tiles.tsx';

const kinds: Readonly<Record<string, string>> = agentKinds;
/** Agents that the page itself lists; the node below has them all. */
const mostAgents = 12;

const useStyles = makeStyles({
  page: { padding: '16px', display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '900px' },
});

/** Identity Manager: how its agents, runs and persons stand, and the way to each. */
export function IdentityManagerPage({ nodes }: { readonly nodes: readonly ScopeNode[] }) {
  const styles = useStyles();
  const { value: agents, problem } = useReading('agents.list', {}, [
    'agents.changed',
    'agents.runChanged',
    'configuration.changed',
  ]);
  const { value: status } = useReading('system.status', {}, ['system.changed', 'people.changed']);
  const { value: runs } = useReading('agents.runs', { limit: 50 }, ['agents.runChanged']);
  if (problem !== undefined) return <p className={styles.page}>{inOneLine(problem)}</p>;
  if (agents === undefined) return <p className={styles.page}>Asking the service...</p>;
  const running = agents.filter(isRunning).length;
  const apart = agents.reduce((sum, { connectors, joined }) => sum + connectors - joined, 0);
  const troubled = agents.filter(({ lastRun }) => isTrouble(lastRun?.result));
  const last = runs?.[0];
  const states: Record<string, EntryState> = {
    agents: {
      words:
        troubled.length > 0
          ? `The last run of ${listOf(troubled.map(({ name }) => name))} did not end well`
          : countOf(agents.length, 'management agent', 'management agents'),
      ...(troubled.length > 0 && { icon: 'warning' as const }),
    },
    operations: {
      words:
        last === undefined
          ? 'Nothing has run yet'
          : `${last.agentName}, ${last.profile}: ${last.result ?? 'in progress'}, ${new Date(last.startedAt).toLocaleString()}`,
      ...(isTrouble(last?.result) && { icon: 'warning' as const }),
    },
    designer: { words: 'Where persons get their attributes from, and when they are deleted' },
    search: { words: countOf(status?.people, 'person', 'persons') },
    joiner: {
      words:
        apart === 0
          ? 'Every object has its person'
          : countOf(apart, 'object has no person', 'objects have no person'),
    },
  };
  return (
    <div className={styles.page}>
      <Tiles
        figures={{
          'Management agents': agents.length,
          'Running now': running,
          Persons: status?.people,
          Connectors: agents.reduce((sum, { joined }) => sum + joined, 0),
          Disconnectors: apart,
        }}
      />
      <NodeEntries nodes={nodes} states={states} />
      <ReadTable
        caption="Management agents"
        headings={['Management agent', 'Type', 'State', 'Last run', 'Joined']}
        rows={agents
          .slice(0, mostAgents)
          .map((agent) => [
            agent.name,
            kinds[agent.kind] ?? agent.kind,
            agentStateOf(agent),
            agent.lastRun === undefined
              ? 'Never'
              : `${agent.lastRun.profile}: ${agent.lastRun.result ?? 'in progress'}`,
            `${agent.joined.toLocaleString()} of ${agent.connectors.toLocaleString()}`,
          ])}
        empty="No management agent is connected yet. Create the first one under Management Agents."
      />
    </div>
  );
}

function isRunning({ lastRun }: AgentRow): boolean {
  return lastRun !== undefined && lastRun.result === undefined;
}

function isTrouble(result: string | undefined): boolean {
  return result !== undefined && result !== 'success' && result !== 'completed-no-objects';
}

function countOf(count: number | undefined, one: string, several: string): string {
  if (count === undefined) return '';
  return `${count.toLocaleString()} ${count === 1 ? one : several}`;
}

function listOf(names: readonly string[]): string {
  return names.length > 3 ? `${names.length} management agents` : names.map((name) => `"${name}"`).join(', ');
}
