import type { FoundContainer, FoundSchema, SchemaSource } from '#identity/schema-source.ts';
import type { Agent } from '#shared/model/agent.ts';

/** What is learnt of a system without naming contexts: its partitions are the agent's own, and hold no containers. */
export abstract class RecordSchema<A extends Agent> implements SchemaSource {
  protected readonly agent: A;

  constructor(agent: A) {
    this.agent = agent;
  }

  abstract readSchema(objectTypes: readonly string[], signal: AbortSignal): Promise<FoundSchema>;

  async readPartitions(): Promise<readonly FoundContainer[]> {
    return this.agent.partitions.map(({ dn }) => ({ dn, name: dn }));
  }

  async readContainers(): Promise<readonly FoundContainer[]> {
    return [];
  }
}
