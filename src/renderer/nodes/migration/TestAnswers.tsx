import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

import type { TestAnswer } from './test-answer.ts';

const useStyles = makeStyles({
  line: { display: 'grid', gridTemplateColumns: '20px minmax(0, 1fr)', gap: '2px 4px', padding: '4px 0' },
  detail: {
    gridColumn: 2,
    color: tokens.colorNeutralForeground2,
    userSelect: 'text',
    overflowWrap: 'anywhere',
  },
  more: { gridColumn: 2 },
});

export interface TestAnswersProps {
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly answers: Readonly<Record<string, TestAnswer>>;
  /** Whether the tests are under way. */
  readonly testing: boolean;
  /** Stands below an agent's line. */
  readonly more?: (id: string) => ReactNode;
}

/** Agents with what the test of their connection said. */
export function TestAnswers({ agents, answers, testing, more }: TestAnswersProps) {
  const styles = useStyles();
  return (
    <div aria-live="polite">
      {agents.map(({ id, name }) => {
        const answer = answers[id];
        const [icon, label]: readonly [IconName, string] =
          answer === undefined
            ? testing
              ? ['working', 'Testing...']
              : ['stopped', 'Not tested yet']
            : answer.ok
              ? ['good', 'Works']
              : ['danger', 'Does not work'];
        return (
          <div key={id} className={styles.line}>
            <Icon name={icon} label={label} />
            <strong>{name}</strong>
            <span className={styles.detail}>{answer?.words ?? label}</span>
            {more === undefined ? null : <div className={styles.more}>{more(id)}</div>}
          </div>
        );
      })}
    </div>
  );
}
