import { makeStyles, tokens } from '@fluentui/react-components';

import type { Explanation as Answer } from '#shared/contract/people.ts';
import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

const useStyles = makeStyles({
  heading: {
    margin: '0 0 4px',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
    display: 'flex',
    gap: '6px',
    alignItems: 'center',
  },
  refusal: { display: 'flex', gap: '6px', margin: '0 0 4px' },
  target: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(120px, 200px) 1fr',
    gap: '2px 8px',
    padding: '4px 0',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    userSelect: 'text',
  },
  quiet: { color: tokens.colorNeutralForeground2, display: 'block', overflowWrap: 'anywhere' },
});

const verdicts: Readonly<
  Record<Answer['targets'][number]['verdict'], { readonly icon: IconName; readonly words: string }>
> = {
  deliver: { icon: 'good', words: 'Would receive it' },
  shadow: { icon: 'shadow', words: 'Would be set, were it live' },
  hold: { icon: 'parked', words: 'Would be held' },
  refuse: { icon: 'danger', words: 'Would refuse it' },
  nothing: { icon: 'stopped', words: 'Gets nothing' },
};

/** Who would get a change of one account, target by target. */
export function Explanation({ explanation }: { readonly explanation: Answer }) {
  const styles = useStyles();
  const { account, refusal, targets } = explanation;
  return (
    <section aria-label={`Explanation of ${account}`}>
      <h2 className={styles.heading}>
        <Icon name="person" />
        {account}
      </h2>
      {refusal === undefined ? null : (
        <p className={styles.refusal}>
          <Icon name="danger" label="Refused" />
          {`Goes nowhere: ${refusal.reason} (event ${refusal.event})`}
        </p>
      )}
      {targets.map(({ agent, agentName, verdict, reason, event, dn }) => (
        <div key={agent} className={styles.target}>
          <Icon name={verdicts[verdict].icon} label={verdicts[verdict].words} />
          <strong>{agentName}</strong>
          <span>
            {`${verdicts[verdict].words}. ${reason}${event === undefined ? '' : ` (event ${event})`}`}
            {dn === undefined ? null : <span className={styles.quiet}>{dn}</span>}
          </span>
        </div>
      ))}
    </section>
  );
}
