import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';

import { inOneLine } from '#console/problem-of.ts';
import type { Person } from '#shared/contract/people.ts';
import { useReading } from '#state/use-reading.ts';
import { TextField } from '#ui/TextField.tsx';

import { PersonFinder } from '../identity/PersonFinder.tsx';
import { Explanation } from './Explanation.tsx';

const useStyles = makeStyles({
  page: {
    padding: '12px',
    display: 'flex',
    flexDirection: 'column',
    gap: '10px',
    height: '100%',
    minHeight: 0,
  },
  // Takes room when there is a list to show.
  finder: { display: 'flex', ':has([role=grid])': { minHeight: '160px', height: '45%' } },
  question: { display: 'flex', gap: '8px', alignItems: 'flex-start' },
  button: { marginTop: '20px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Picks a person, or takes an account by its name, and says who would get a change from there. */
export function ExplainPage() {
  const styles = useStyles();
  const [text, setText] = useState('');
  const [[person], choose] = useState<readonly Person[]>([]);
  const [typed, ask] = useState<string>();
  return (
    <div className={styles.page}>
      <div className={styles.finder}>
        <PersonFinder
          onSelect={(persons) => {
            choose(persons);
            ask(undefined);
          }}
          onOpen={(one) => choose([one])}
        />
      </div>
      <form
        className={styles.question}
        onSubmit={(event) => {
          event.preventDefault();
          ask(text.trim() === '' ? undefined : text.trim());
        }}
      >
        <TextField label="Or an account by its name:" hint="FABRIKAM\alice" value={text} onChange={setText} />
        <Button size="small" type="submit" className={styles.button}>
          Explain
        </Button>
      </form>
      {answer(typed, person, styles.quiet)}
    </div>
  );
}

function answer(typed: string | undefined, person: Person | undefined, quiet: string): ReactNode {
  if (typed !== undefined) return <Answer key={typed} account={typed} />;
  if (person === undefined)
    return (
      <span className={quiet}>
        Names every target that would receive a password change of this person now, and the reason where one
        would not. Needs no password.
      </span>
    );
  const accounts = person.connectors.flatMap(({ account }) => account ?? []);
  if (accounts.length === 0)
    return (
      <span role="status">
        Nothing: no account of this person lies in a partition that can be a password synchronization source.
      </span>
    );
  return accounts.map((account) => <Answer key={account} account={account} />);
}

function Answer({ account }: { readonly account: string }) {
  const { value, problem } = useReading('people.explain', { account }, [
    'people.changed',
    'configuration.changed',
  ]);
  if (problem !== undefined) return <span role="alert">{inOneLine(problem)}</span>;
  if (value === undefined) return <span role="status">Asking...</span>;
  return <Explanation explanation={value} />;
}
