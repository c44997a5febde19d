import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { Session } from '#state/session.ts';
import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

import { LeadTargets } from './LeadTargets.tsx';

const useStyles = makeStyles({
  line: { display: 'grid', gridTemplateColumns: '20px 1fr', gap: '2px 4px', padding: '4px 0' },
  detail: {
    gridColumn: 2,
    color: tokens.colorNeutralForeground2,
    userSelect: 'text',
    overflowWrap: 'anywhere',
  },
});

interface Answer {
  readonly ok: boolean;
  readonly words: string;
}

export interface MigrationTestDialogProps {
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly session: Session;
  onClose(): void;
}

/** Tests every connection that came over, one after the other; a password that is missing shows here. */
export function MigrationTestDialog({ agents, session, onClose }: MigrationTestDialogProps) {
  const styles = useStyles();
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({});
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const test = async (): Promise<void> => {
      for (const { id } of agents) {
        if (signal.aborted) return;
        const answer = await session.client.call('agents.test', { agent: id }, { signal }).then(
          ({ ok, steps }) => {
            const last = steps.at(-1);
            const words = ok ? 'Works' : [last?.detail, last?.fix].filter(Boolean).join('. ');
            return { ok, words: words || 'Does not work' };
          },
          (error: unknown) => ({ ok: false, words: error instanceof Error ? error.message : 'No answer' }),
        );
        if (!signal.aborted) setAnswers((before) => ({ ...before, [id]: answer }));
      }
    };
    void test();
    return () => abort.abort();
  }, [agents, session]);
  const isDone = agents.every(({ id }) => answers[id] !== undefined);
  return (
    <ConsoleDialog
      title="Test Connections"
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          {isDone ? 'Close' : 'Cancel'}
        </Button>
      }
    >
      <div aria-live="polite">
        {agents.map(({ id, name }) => {
          const answer = answers[id];
          const [icon, label]: readonly [IconName, string] =
            answer === undefined
              ? ['working', 'Waits']
              : answer.ok
                ? ['good', 'Works']
                : ['danger', 'Does not work'];
          return (
            <div key={id} className={styles.line}>
              <Icon name={icon} label={label} />
              <strong>{name}</strong>
              <span className={styles.detail}>{answer?.words ?? 'Testing...'}</span>
            </div>
          );
        })}
      </div>
      <LeadTargets session={session} ready={isDone} />
    </ConsoleDialog>
  );
}
