import type { Run } from '#shared/contract/agents.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';

import type { ConfigurationFile } from './configuration/configuration-file.ts';
import type { JsonPath } from './configuration/json-text.ts';

export interface AgentRemovalParts {
  readonly file: ConfigurationFile;
  readonly clear: (agent: Agent) => Promise<Run>;
  /** Who asked for it. */
  readonly by: string;
}

interface Change {
  readonly path: JsonPath;
  readonly value?: unknown;
}

/**
 * Delete Management Agent and Connector Space: the space first, then the agent and every mention of it. Throws what
 * the configuration would refuse before anything is touched, and `AppError` `cancelled` where clearing was stopped.
 */
export async function removeAgent(
  { file, clear, by }: AgentRemovalParts,
  agent: Agent,
): Promise<{ readonly run: Run; readonly revision: string }> {
  file.rehearse(changesWithout(file.configuration, agent.id));
  const run = await clear(agent);
  if (run.result?.startsWith('stopped'))
    throw new AppError(
      'cancelled',
      `"${agent.name}" stays: the deletion of its connector space was stopped`,
      {
        fix: 'Delete it again to go on.',
      },
    );
  // As it stands now: somebody may have changed it meanwhile.
  const changes = changesWithout(file.configuration, agent.id);
  const { revision } = file.set(changes, file.running.revision, { by, kind: 'change' });
  return { run, revision };
}

/** What takes an agent out of a configuration, with the lists that name it; what depends on it is left to be refused. */
function changesWithout({ agents, metaverse }: Configuration, id: AgentId): Change[] {
  const isOther = (one: AgentId): boolean => one !== id;
  const targets = agents.flatMap(({ partitions }, agent) =>
    partitions.flatMap(({ passwordSource }, partition) =>
      passwordSource?.targets.includes(id)
        ? [
            {
              path: ['agents', agent, 'partitions', partition, 'passwordSource', 'targets'],
              value: passwordSource.targets.filter(isOther),
            },
          ]
        : [],
    ),
  );
  const orders = metaverse.precedence
    .map(({ attribute, agents: order }) => ({ attribute, agents: order.filter(isOther) }))
    .filter(({ agents: order }) => order.length > 0);
  const precedence = metaverse.precedence.some(({ agents: order }) => order.includes(id))
    ? [{ path: ['metaverse', 'precedence'], value: orders }]
    : [];
  const index = agents.findIndex((agent) => agent.id === id);
  return [...targets, ...precedence, { path: ['agents', index] }];
}
