import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';

import { type AgentInput, agentSchema } from '#shared/model/agent.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';

import { type AgentAnswers, newAgent } from './new-agent.ts';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: '8px', minHeight: '28px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export interface Discovery {
  /** What asks the system, and what it said. */
  readonly ask: ReactNode;
  readonly partitions: readonly string[];
  readonly tables: readonly string[];
  readonly attributes: readonly string[];
}

/** Asks the system that is being connected what it holds, before its agent is saved. */
export function useDiscovery(id: string, answers: AgentAnswers): Discovery {
  const styles = useStyles();
  const { client } = useSession();
  const [found, setFound] = useState({ partitions: [], tables: [], attributes: [] } as Omit<
    Discovery,
    'ask'
  >);
  const [words, setWords] = useState('');
  const [asking, setAsking] = useState(false);
  const draft = draftOf(id, answers);
  const ask = async (agent: AgentInput): Promise<void> => {
    const input = {
      draft: agent,
      ...(answers.password !== '' && { secret: encodeSecret(answers.password) }),
    };
    const [partitions, schema] = await Promise.all([
      client.call('agents.partitions', input),
      client.call('agents.schema', input),
    ]);
    const attributes = schema.attributes.map(({ name }) => name);
    setFound({ partitions: partitions.map(({ dn }) => dn), tables: schema.tables, attributes });
    const note = schema.note === undefined ? '' : `. ${schema.note}`;
    setWords(`${attributes.length} attributes, offered where a name is asked for${note}`);
  };
  const start = (agent: AgentInput): void => {
    setAsking(true);
    setWords('');
    ask(agent)
      .catch((error: unknown) => setWords(error instanceof Error ? error.message : 'It gave no answer'))
      .finally(() => setAsking(false));
  };
  return {
    ...found,
    ask: (
      <div className={styles.row}>
        <Button
          size="small"
          disabled={draft === undefined || asking}
          title={draft === undefined ? 'Enter first how the system is reached' : undefined}
          onClick={() => draft !== undefined && start(draft)}
        >
          Refresh Schema
        </Button>
        <span aria-live="polite" className={styles.quiet}>
          {asking ? <Spinner size="tiny" label="Asking the connected system..." /> : words}
        </span>
      </div>
    ),
  };
}

/** The agent as far as it is typed, with something in every place that does not matter yet. */
function draftOf(id: string, answers: AgentAnswers): AgentInput | undefined {
  const filled = newAgent(id, {
    ...answers,
    name: answers.name.trim() || 'new',
    dn: answers.dn.trim() || 'DC=unknown',
    domain: answers.domain.trim() || 'UNKNOWN',
    settings: { anchor: ['id'], table: 'unknown', ...answers.settings },
  });
  // What a kind has no place for is taken out again.
  const known = agentSchema.safeParse(filled);
  const strange = (known.error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [],
  );
  const draft = Object.fromEntries(Object.entries(filled).filter(([key]) => !strange.includes(key)));
  return agentSchema.safeParse(draft).success ? (draft as unknown as AgentInput) : undefined;
}
