import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { ChangeTrace } from '#shared/contract/changes.ts';
import { FactList } from '#ui/FactList.tsx';
import { Icon } from '#ui/Icon.tsx';

import { outcomeIcon, outcomeWords } from './outcome.ts';

const useStyles = makeStyles({
  heading: { margin: '8px 0 2px', fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  hops: {
    display: 'grid',
    gridTemplateColumns: '90px 80px 1fr',
    gap: '2px 8px',
    alignItems: 'center',
    userSelect: 'text',
  },
  ms: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  track: { position: 'relative', height: '10px', backgroundColor: tokens.colorNeutralBackground4 },
  bar: {
    position: 'absolute',
    top: 0,
    bottom: 0,
    minWidth: '3px',
    backgroundColor: tokens.colorBrandBackground,
  },
  delivery: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr auto',
    gap: '2px 6px',
    padding: '3px 0',
    userSelect: 'text',
  },
  detail: { gridColumn: '2 / 4', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

export interface TraceDialogProps {
  readonly trace: ChangeTrace;
  onClose(): void;
}

/** The whole life of one change: every hop with its time, every target with its attempts and words. */
export function TraceDialog({ trace, onClose }: TraceDialogProps) {
  const styles = useStyles();
  const start = trace.hops[0]?.at ?? trace.capturedAt;
  const ends = [
    ...trace.hops.map(({ at }) => at),
    ...trace.deliveries.map(({ settledAt }) => settledAt ?? start),
  ];
  const total = Math.max(1, Math.max(...ends) - start);
  return (
    <ConsoleDialog
      title={`Trace of ${trace.account}`}
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <FactList
        facts={[
          { term: 'Tracking ID:', value: trace.trackingId },
          { term: 'Captured on:', value: trace.sourceServer },
          { term: 'Committed:', value: new Date(trace.committedAt).toLocaleString() },
          {
            term: 'Decision:',
            value:
              trace.refusal === undefined
                ? undefined
                : `${trace.refusal.reason} (event ${trace.refusal.event})`,
          },
        ]}
      />
      <h2 className={styles.heading}>Hops</h2>
      <div className={styles.hops}>
        {trace.hops.map((hop) => (
          <Hop
            key={`${hop.name}${hop.at}`}
            name={hop.name}
            offset={hop.at - start}
            total={total}
            {...(hop.note && { note: hop.note })}
          />
        ))}
      </div>
      <h2 className={styles.heading}>Targets</h2>
      {trace.deliveries.length === 0 ? <span>No target received this change</span> : null}
      {trace.deliveries.map((delivery) => (
        <div key={delivery.id} className={styles.delivery}>
          <Icon name={outcomeIcon(delivery)} />
          <span>{`${delivery.agentName}: ${outcomeWords(delivery)}`}</span>
          <span className={styles.ms}>
            {delivery.settledAt === undefined ? '' : `${delivery.settledAt - start} ms`}
          </span>
          {delivery.dn === undefined ? null : <span className={styles.detail}>{delivery.dn}</span>}
          {delivery.verification === undefined ? null : (
            <span className={styles.detail}>{delivery.verification}</span>
          )}
          {delivery.reason === undefined ? null : <span className={styles.detail}>{delivery.reason}</span>}
          {delivery.attempts.map((attempt, index) => (
            <span key={attempt.at} className={styles.detail}>
              {`Attempt ${index + 1}: ${attempt.result}, event ${attempt.event}, ${attempt.ms.toFixed(0)} ms${attempt.detail === undefined ? '' : `. ${attempt.detail}`}`}
            </span>
          ))}
        </div>
      ))}
    </ConsoleDialog>
  );
}

interface HopProps {
  readonly name: string;
  readonly offset: number;
  readonly total: number;
  readonly note?: string;
}

function Hop({ name, offset, total, note }: HopProps) {
  const styles = useStyles();
  return (
    <>
      <span>{name}</span>
      <span className={styles.ms}>{`${offset} ms`}</span>
      <span className={styles.track} title={note}>
        <span className={styles.bar} style={{ left: `${(offset / total) * 97}%` }} />
      </span>
    </>
  );
}
