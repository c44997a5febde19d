import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import type { RecentHourReading } from '#shared/contract/changes.ts';
import { useReading } from '#state/use-reading.ts';
import { LineChart } from '#ui/LineChart.tsx';
import { ShareBars, type SharePart } from '#ui/ShareBars.tsx';

const hour = 3_600_000;
/** The charts move on without any news this often, milliseconds. */
const stride = 5000;

const useStyles = makeStyles({
  charts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))',
    gap: '8px 16px',
    padding: '8px',
    maxHeight: '40vh',
    // The list below gives way instead.
    flexShrink: 0,
    overflow: 'auto',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

const tones = {
  delivered: 'good',
  shadowed: 'accent',
  superseded: 'quiet',
  refused: 'danger',
  expired: 'danger',
  cancelled: 'warning',
} as const satisfies Record<string, SharePart['tone']>;

/** Queue depth, latency and outcomes by target over the last hour. */
export function RecentHour() {
  const styles = useStyles();
  // News of changes may come too fast to draw each.
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((count) => count + 1), stride);
    return () => clearInterval(timer);
  }, []);
  const { value } = useReading('changes.recentHour', {}, [], turn);
  if (value === undefined) return null;
  const { now, depths, latencies, outcomes } = value;
  const from = now - hour;
  return (
    <section aria-label="The last hour" className={styles.charts}>
      <LineChart
        label="Queue depth"
        from={from}
        to={now}
        series={[
          {
            name: 'Waiting',
            tone: 'accent',
            points: depths.map(({ at, waiting }) => ({ at, value: waiting })),
          },
          {
            name: 'Parked',
            tone: 'warning',
            points: depths.map(({ at, parked }) => ({ at, value: parked })),
          },
        ]}
      />
      <LineChart
        label="Latency within"
        from={from}
        to={now}
        unit="ms"
        series={[
          { name: 'Half', tone: 'good', points: latencies.map(({ at, p50 }) => ({ at, value: p50 })) },
          {
            name: '99 %',
            tone: 'accent',
            points: latencies.map(({ at, p99 }) => ({ at, value: p99 })),
          },
        ]}
      />
      <ShareBars label="Outcomes by target" rows={outcomes.map(rowOf)} />
    </section>
  );
}

function rowOf({ agentName, counts }: RecentHourReading['outcomes'][number]) {
  const parts = (Object.keys(tones) as (keyof typeof tones)[]).map((name) => ({
    name,
    tone: tones[name],
    value: counts[name] ?? 0,
  }));
  return { name: agentName, parts };
}
