import type { Agent, Partition } from '#shared/model/agent.ts';
import type { Configuration } from '#shared/model/configuration.ts';

/** Where a domain's changes start: the partition that holds the domain, and its agent. */
export interface Origin {
  readonly agent: Agent;
  readonly partition: Partition;
  readonly source: NonNullable<Partition['passwordSource']>;
}

/** The partition that serves a domain; of several, the one that is enabled as a source. */
export function findOrigin({ agents }: Configuration, domain: string): Origin | undefined {
  const wanted = domain.toUpperCase();
  let found: Origin | undefined;
  for (const agent of agents)
    for (const partition of agent.partitions) {
      const source = partition.passwordSource;
      if (source?.domain.toUpperCase() !== wanted) continue;
      if (source.enabled) return { agent, partition, source };
      found ??= { agent, partition, source };
    }
  return found;
}
