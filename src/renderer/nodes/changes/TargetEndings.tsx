import { makeStyles, tokens } from '@fluentui/react-components';

import type { ChangeTrace } from '#shared/contract/changes.ts';
import { Icon } from '#ui/Icon.tsx';

import { outcomeIcon, outcomeWords } from './outcome.ts';

const useStyles = makeStyles({
  delivery: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr auto',
    gap: '2px 6px',
    padding: '3px 0',
    userSelect: 'text',
  },
  ms: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  detail: { gridColumn: '2 / 4', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** What became of a change on each target, with its attempts and the target's own words. */
export function TargetEndings({ trace }: { readonly trace: ChangeTrace }) {
  const styles = useStyles();
  const start = trace.hops[0]?.at ?? trace.capturedAt;
  if (trace.deliveries.length === 0) return <span>No target received this change.</span>;
  return (
    <>
      {trace.deliveries.map((delivery) => (
        <section key={delivery.id} className={styles.delivery} aria-label={delivery.agentName}>
          <Icon name={outcomeIcon(delivery)} />
          <span>
            {`${delivery.agentName}: ${outcomeWords(delivery)}${delivery.event === undefined ? '' : ` (event ${delivery.event})`}`}
          </span>
          <span className={styles.ms}>
            {delivery.settledAt === undefined ? '' : `${delivery.settledAt - start} ms`}
          </span>
          {delivery.dn === undefined ? null : <span className={styles.detail}>{delivery.dn}</span>}
          {delivery.verification === undefined ? null : (
            <span className={styles.detail}>{delivery.verification}</span>
          )}
          {delivery.reason === undefined ? null : <span className={styles.detail}>{delivery.reason}</span>}
          {delivery.nextAttemptAt === undefined ? null : (
            <span className={styles.detail}>
              {`Next attempt: ${new Date(delivery.nextAttemptAt).toLocaleString()}`}
            </span>
          )}
          {delivery.attempts.map((attempt, index) => (
            <span key={attempt.at} className={styles.detail}>
              {`Attempt ${index + 1}, ${new Date(attempt.at).toLocaleTimeString()}: ${attempt.result}, event ${attempt.event}, ${attempt.ms.toFixed(0)} ms${attempt.detail === undefined ? '' : `. ${attempt.detail}`}`}
            </span>
          ))}
        </section>
      ))}
    </>
  );
}
