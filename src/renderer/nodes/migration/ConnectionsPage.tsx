import { Button, makeStyles } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';

import type { MigrationPreview } from '#shared/contract/migration.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import type { Session } from '#state/session.ts';
import { TextField } from '#ui/TextField.tsx';

import { TestAnswers } from './TestAnswers.tsx';
import { readAnswer, type TestAnswer } from './test-answer.ts';

const useStyles = makeStyles({ test: { alignSelf: 'flex-start', flexShrink: 0 } });

export interface ConnectionsPageProps {
  readonly session: Session;
  /** The agents that come over. */
  readonly agents: MigrationPreview['agents'];
  readonly kinds: Readonly<Record<string, string>>;
  readonly passwords: Readonly<Record<string, string>>;
  onPassword(id: string, text: string): void;
}

/** Passwords that an export does not hold, and whether each connection would work with them, before anything is made. */
export function ConnectionsPage({ session, agents, kinds, passwords, onPassword }: ConnectionsPageProps) {
  const styles = useStyles();
  const [answers, setAnswers] = useState<Readonly<Record<string, TestAnswer>>>({});
  const [testing, setTesting] = useState(false);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const test = async (): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    setAnswers({});
    setTesting(true);
    for (const { id } of agents) {
      const text = passwords[id] ?? '';
      const asked = session.client.call(
        'migration.test',
        { agent: id, kinds, ...(text === '' ? {} : { secret: encodeSecret(text) }) },
        { signal: abort.signal },
      );
      const answer = await readAnswer(asked);
      if (abort.signal.aborted) return;
      setAnswers((before) => ({ ...before, [id]: answer }));
    }
    setTesting(false);
  };
  const asking = new Set(agents.filter(({ needsPassword }) => needsPassword).map(({ id }) => String(id)));
  return (
    <>
      <span>
        {asking.size === 0
          ? 'No agent that comes over needs a password.'
          : 'An export holds no passwords. What stays empty can be typed in the properties of the agent.'}
      </span>
      {agents.length === 0 ? null : (
        <Button size="small" className={styles.test} disabled={testing} onClick={() => void test()}>
          {testing ? 'Testing...' : 'Test Connections'}
        </Button>
      )}
      <TestAnswers
        agents={agents}
        answers={answers}
        testing={testing}
        more={(id) =>
          asking.has(id) ? (
            <TextField
              label={`Password of ${agents.find((agent) => agent.id === id)?.name ?? id}:`}
              password
              value={passwords[id] ?? ''}
              onChange={(text) => onPassword(id, text)}
            />
          ) : null
        }
      />
    </>
  );
}
