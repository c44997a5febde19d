import { Button, Input, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { ScopeNode } from '#console/scope-node.ts';
import type { Explanation } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';
import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

const useStyles = makeStyles({
  page: { padding: '12px', display: 'flex', flexDirection: 'column', gap: '10px' },
  question: { display: 'flex', gap: '8px', maxWidth: '480px' },
  account: { flexGrow: 1 },
  target: {
    display: 'grid',
    gridTemplateColumns: '20px 160px 1fr',
    gap: '2px 8px',
    padding: '3px 0',
    userSelect: 'text',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Explain: who would get a change from this account, and why not, without any password. */
export const explainNode: ScopeNode = {
  id: 'explain',
  label: 'Explain',
  icon: 'explain',
  help: 'explain',
  Page: Explain,
};

function Explain() {
  const styles = useStyles();
  const [text, setText] = useState('');
  const [account, ask] = useState<string>();
  const submit = (): void => ask(text.trim() === '' ? undefined : text.trim());
  return (
    <div className={styles.page}>
      <form
        className={styles.question}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Input
          className={styles.account}
          aria-label="Account"
          placeholder="FABRIKAM\alice"
          value={text}
          onChange={(_, { value }) => setText(value)}
        />
        <Button type="submit" appearance="primary">
          Explain
        </Button>
      </form>
      {account === undefined ? (
        <span className={styles.quiet}>
          Names every target that would receive a password change of this account now, and the reason where
          one would not.
        </span>
      ) : (
        <Answer account={account} />
      )}
    </div>
  );
}

const verdicts: Readonly<
  Record<Explanation['targets'][number]['verdict'], { readonly icon: IconName; readonly words: string }>
> = {
  deliver: { icon: 'good', words: 'Would receive it' },
  shadow: { icon: 'shadow', words: 'Would be set, were it live' },
  hold: { icon: 'parked', words: 'Would be held' },
  refuse: { icon: 'danger', words: 'Would refuse it' },
  nothing: { icon: 'stopped', words: 'Gets nothing' },
};

function Answer({ account }: { readonly account: string }) {
  const styles = useStyles();
  const { value, problem } = useReading('people.explain', { account }, [
    'people.changed',
    'configuration.changed',
  ]);
  if (problem !== undefined) return <span role="alert">{`${problem.message}. ${problem.fix ?? ''}`}</span>;
  if (value === undefined) return <span role="status">Asking...</span>;
  return (
    <section aria-label={`Explanation of ${value.account}`}>
      <h2>{value.account}</h2>
      {value.refusal === undefined ? null : (
        <p>{`Goes nowhere: ${value.refusal.reason} (event ${value.refusal.event})`}</p>
      )}
      {value.targets.map((target) => (
        <div key={target.agent} className={styles.target}>
          <Icon name={verdicts[target.verdict].icon} label={verdicts[target.verdict].words} />
          <strong>{target.agentName}</strong>
          <span>
            {`${verdicts[target.verdict].words}. ${target.reason}${target.event === undefined ? '' : ` (event ${target.event})`}`}
            {target.dn === undefined ? null : <span className={styles.quiet}>{` ${target.dn}`}</span>}
          </span>
        </div>
      ))}
    </section>
  );
}
