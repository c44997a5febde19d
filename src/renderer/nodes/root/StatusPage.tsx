import { makeStyles, tokens } from '@fluentui/react-components';

import { inOneLine } from '#console/problem-of.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';

import { Findings } from '../overview/Findings.tsx';
import { Tiles } from '../overview/Tiles.tsx';
import { FirstRun } from './FirstRun.tsx';
import { FirstTasks } from './FirstTasks.tsx';

const useStyles = makeStyles({
  page: { padding: '16px', display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '900px' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
});

/** How the whole stands: figures, what is to be done first, what needs attention, and the service itself. */
export function StatusPage() {
  const styles = useStyles();
  const { value, problem } = useReading('system.status', {}, [
    'system.changed',
    'queue.changed',
    'agents.changed',
  ]);
  if (problem !== undefined) return <p className={styles.page}>{inOneLine(problem)}</p>;
  if (value === undefined) return <p className={styles.page}>Asking the service...</p>;
  return (
    <div className={styles.page}>
      {isNew(value) ? (
        <FirstRun />
      ) : (
        <>
          <Tiles
            figures={{
              'Password synchronization': value.passwordSync ? 'On' : 'Off',
              Persons: value.people,
              'Management agents': value.agents,
              Waiting: value.queue.waiting,
              Parked: value.queue.parked,
            }}
          />
          <FirstTasks status={value} />
        </>
      )}
      <Findings findings={value.findings} />
      <section>
        <h2 className={styles.heading}>Service</h2>
        <FactList
          facts={[
            { term: 'Server:', value: value.host },
            { term: 'Version:', value: value.version },
            { term: 'Started:', value: new Date(value.startedAt).toLocaleString() },
            { term: 'Data directory:', value: value.dataDirectory },
            { term: 'Configuration:', value: value.configurationFile },
            { term: 'Keys:', value: `${value.keys.keeper}, ${value.keys.open ? 'open' : 'locked'}` },
            { term: 'Receives changes:', value: channelWords(value) },
            { term: 'Key fingerprint:', value: value.channel.fingerprint },
            { term: 'Metrics:', value: value.metricsUrl },
          ]}
        />
      </section>
    </div>
  );
}

/** Nothing was connected yet. */
function isNew({ agents, people, channel }: SystemStatus): boolean {
  return agents === 0 && people === 0 && channel.state === 'off';
}

function channelWords({ channel }: SystemStatus): string {
  if (channel.state === 'off') return 'No, no channel is configured';
  if (channel.state === 'failed') return `No. ${channel.detail ?? ''}`;
  return `${channel.spn ?? ''} on ${channel.host ?? ''}:${channel.port ?? ''}`;
}
