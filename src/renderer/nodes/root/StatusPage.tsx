import { makeStyles, tokens } from '@fluentui/react-components';

import type { SystemStatus } from '#shared/contract/system.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';
import { Icon } from '#ui/Icon.tsx';

import { FirstRun } from './FirstRun.tsx';
import { FirstTasks } from './FirstTasks.tsx';

const useStyles = makeStyles({
  page: { padding: '16px', display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '900px' },
  tiles: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(116px, 1fr))', gap: '8px' },
  tile: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: '10px 12px',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  figure: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontVariantNumeric: 'tabular-nums',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  finding: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr',
    gap: '2px 6px',
    padding: '4px 0',
    userSelect: 'text',
  },
  fix: { gridColumn: 2, color: tokens.colorNeutralForeground2 },
});

/** How the whole stands: figures, what is to be done first, what needs attention, and the service itself. */
export function StatusPage() {
  const styles = useStyles();
  const { value, problem } = useReading('system.status', {}, [
    'system.changed',
    'queue.changed',
    'agents.changed',
  ]);
  if (problem !== undefined)
    return <p className={styles.page}>{`${problem.message}. ${problem.fix ?? ''}`}</p>;
  if (value === undefined) return <p className={styles.page}>Asking the service...</p>;
  return (
    <div className={styles.page}>
      {isNew(value) ? (
        <FirstRun />
      ) : (
        <>
          <div className={styles.tiles}>
            <Tile title="Password synchronization" figure={value.passwordSync ? 'On' : 'Off'} />
            <Tile title="Persons" figure={value.people} />
            <Tile title="Management agents" figure={value.agents} />
            <Tile title="Waiting" figure={value.queue.waiting} />
            <Tile title="Parked" figure={value.queue.parked} />
          </div>
          <FirstTasks status={value} />
        </>
      )}
      <Findings status={value} />
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

/** A place in the configuration file, such as `agents[0].partitions`; the message names the object by itself. */
function isPlace(subject: string): boolean {
  return /^\w+\[\d+\]/.test(subject);
}

function channelWords({ channel }: SystemStatus): string {
  if (channel.state === 'off') return 'No, no channel is configured';
  if (channel.state === 'failed') return `No. ${channel.detail ?? ''}`;
  return `${channel.spn ?? ''} on ${channel.host ?? ''}:${channel.port ?? ''}`;
}

function Tile({ title, figure }: { readonly title: string; readonly figure: string | number }) {
  const styles = useStyles();
  return (
    <div className={styles.tile}>
      <div className={styles.figure}>{figure}</div>
      <div className={styles.quiet}>{title}</div>
    </div>
  );
}

function Findings({ status }: { readonly status: SystemStatus }) {
  const styles = useStyles();
  return (
    <section>
      <h2 className={styles.heading}>What needs attention</h2>
      {status.findings.length === 0 ? (
        <div className={styles.finding}>
          <Icon name="good" />
          <span>Nothing</span>
        </div>
      ) : (
        status.findings.map((finding) => (
          <div key={`${finding.subject}${finding.message}`} className={styles.finding}>
            <Icon
              name={finding.severity === 'error' ? 'danger' : finding.severity}
              label={finding.severity}
            />
            <span>
              {isPlace(finding.subject) ? finding.message : `${finding.subject}: ${finding.message}`}
            </span>
            <span className={styles.fix}>
              {isPlace(finding.subject) ? `${finding.fix} (${finding.subject})` : finding.fix}
            </span>
          </div>
        ))
      )}
    </section>
  );
}
