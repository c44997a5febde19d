import { Button, makeStyles } from '@fluentui/react-components';
import { useConsole } from '#console/console-context.ts';
import { inOneLine } from '#console/problem-of.ts';
import type { ScopeNode } from '#console/scope-node.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import { useSession } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';
import { Icon } from '#ui/Icon.tsx';

import { ReadTable } from '../lists/ReadTable.tsx';
import { openOptions } from '../tools/open-options.tsx';
import { Findings } from './Findings.tsx';
import { type EntryState, NodeEntries } from './NodeEntries.tsx';
import { Tiles } from './Tiles.tsx';

const useStyles = makeStyles({
  page: { padding: '16px', display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '900px' },
  switch: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap' },
  state: { display: 'flex', alignItems: 'center', gap: '8px' },
});

/** Password Synchronization: whether it is on, from where to where, what waits, and the way to each. */
export function PasswordSynchronizationPage({ nodes }: { readonly nodes: readonly ScopeNode[] }) {
  const styles = useStyles();
  const session = useSession();
  const { openDialog, notify, startTask, perform } = useConsole();
  const { value: status, problem } = useReading('system.status', {}, [
    'system.changed',
    'queue.changed',
    'configuration.changed',
  ]);
  const { value: agents = [] } = useReading('agents.list', {}, ['agents.changed', 'configuration.changed']);
  const { value: hour } = useReading('changes.recentHour', {}, ['queue.changed']);
  const { value: controllers = [] } = useReading('capture.controllers', {}, ['capture.changed']);
  if (problem !== undefined) return <p className={styles.page}>{inOneLine(problem)}</p>;
  if (status === undefined) return <p className={styles.page}>Asking the service...</p>;
  const { waiting, parked } = status.queue;
  const outcomes = hour?.outcomes.flatMap(({ counts }) => Object.entries(counts)) ?? [];
  const sum = (...names: readonly string[]): number =>
    outcomes.reduce((total, [name, count]) => (names.includes(name) ? total + count : total), 0);
  const lost = controllers.filter(({ capture }) => capture !== 'alive').length;
  const states: Record<string, EntryState> = {
    live: { words: 'Every change as it moves to its targets' },
    queue: {
      words: waiting + parked === 0 ? 'Nothing waits' : `${waiting} waiting, ${parked} parked`,
      ...(parked > 0 && { icon: 'parked' as const }),
    },
    history: { words: 'What became of each delivery' },
    trace: { words: 'One change, hop by hop' },
    controllers: {
      words:
        controllers.length === 0
          ? 'None is known yet'
          : `${controllers.length} known, ${lost === 0 ? 'capture is alive on all of them' : `${lost} without capture or silent`}`,
      ...(lost > 0 && { icon: 'warning' as const }),
    },
    events: { words: 'The log by its numbers, with meaning, cause and fix' },
    explain: { words: 'Who would get a change from a person, and who would not' },
  };
  return (
    <div className={styles.page}>
      <div className={styles.switch}>
        <span className={styles.state}>
          <Icon name={status.passwordSync ? 'good' : 'warning'} />
          <span>
            {status.passwordSync
              ? 'Password synchronization is enabled'
              : 'Password synchronization is disabled: domain controllers keep their changes'}
          </span>
        </span>
        <Button
          size="small"
          onClick={() =>
            perform({
              id: 'sync.options',
              label: 'Options',
              slot: 'top',
              run: () => openOptions({ session, openDialog, notify, startTask }),
            })
          }
        >
          Options
        </Button>
      </div>
      <Tiles
        figures={{
          Waiting: waiting,
          Parked: parked,
          'Delivered, last hour': hour && sum('delivered'),
          'Refused or expired': hour && sum('refused', 'expired'),
          'Domain controllers': controllers.length,
        }}
      />
      <Findings findings={status.findings.filter(({ place }) => place !== undefined)} />
      <NodeEntries nodes={nodes} states={states} />
      <ReadTable
        caption="Sources and targets"
        headings={['Management agent', 'Source of', 'Receives passwords', 'Waiting', 'Parked']}
        rows={agents
          .filter(takesPart)
          .map((agent) => [
            agent.name,
            agent.sourceDomains.join(', ') || 'No domain',
            targetWords(agent),
            String(agent.waiting),
            String(agent.parked),
          ])}
        empty="No management agent takes part: none is a source, and none has password management enabled."
      />
    </div>
  );
}

function takesPart({ sourceDomains, passwordManagement }: AgentRow): boolean {
  return passwordManagement || sourceDomains.length > 0;
}

function targetWords({ passwordManagement, hold, shadow, breaker }: AgentRow): string {
  if (!passwordManagement) return 'No';
  if (hold) return 'On hold';
  if (breaker === 'open') return 'Not reachable';
  return shadow ? 'Shadow mode' : 'Yes';
}
