import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { Session } from '#state/session.ts';

import { LeadTargets } from './LeadTargets.tsx';
import { TestAnswers } from './TestAnswers.tsx';
import { readAnswer, type TestAnswer } from './test-answer.ts';

export interface MigrationTestDialogProps {
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly session: Session;
  onClose(): void;
}

/** Tests every connection that came over, one after the other; a password that is missing shows here. */
export function MigrationTestDialog({ agents, session, onClose }: MigrationTestDialogProps) {
  const [answers, setAnswers] = useState<Readonly<Record<string, TestAnswer>>>({});
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const test = async (): Promise<void> => {
      for (const { id } of agents) {
        if (signal.aborted) return;
        const answer = await readAnswer(session.client.call('agents.test', { agent: id }, { signal }));
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
      <TestAnswers agents={agents} answers={answers} testing />
      <LeadTargets session={session} ready={isDone} />
    </ConsoleDialog>
  );
}
