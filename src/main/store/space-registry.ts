import type { Agent } from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';

import type { Database } from './database.ts';

/** One agent's part of the connector tables, with the short numbers that stand for it in every row. */
export interface Space {
  readonly id: number;
  readonly agent: AgentId;
  /** Attributes that are looked up by value, lower case. */
  readonly indexed: ReadonlySet<string>;
}

export interface SpacePartition {
  readonly id: number;
  readonly space: number;
  readonly dn: string;
}

/** Knows the spaces and partitions by name and by number, as the database holds them. */
export class SpaceRegistry {
  readonly #database: Database;
  #spaces = new Map<AgentId, Space>();
  #agents = new Map<number, AgentId>();
  #partitions = new Map<number, SpacePartition>();
  #partitionIds = new Map<string, number>();
  readonly #widened = new Map<number, readonly string[]>();

  constructor(database: Database) {
    this.#database = database;
    this.#read();
  }

  space(agent: AgentId): Space | undefined {
    return this.#spaces.get(agent);
  }

  agentOf(space: number): AgentId {
    const agent = this.#agents.get(space);
    if (agent === undefined) throw new Error(`No connector space ${space}`);
    return agent;
  }

  partition(id: number): SpacePartition {
    const partition = this.#partitions.get(id);
    if (partition === undefined) throw new Error(`No partition ${id}`);
    return partition;
  }

  partitionId(agent: AgentId, dn: string): number | undefined {
    return this.#partitionIds.get(partitionKey(agent, dn));
  }

  /** Enters agents and partitions that are new or spelled anew. */
  async enter(agents: readonly Agent[]): Promise<void> {
    const missing = agents.filter((agent) => !this.#isEntered(agent));
    if (missing.length === 0) return;
    await this.#database.commit(() => {
      for (const agent of missing) {
        this.#database.run('INSERT INTO space (agent) VALUES (?) ON CONFLICT DO NOTHING', agent.id);
        const row = this.#database.get<{ id: number }>('SELECT id FROM space WHERE agent = ?', agent.id);
        for (const { dn } of agent.partitions)
          this.#database.run(
            `INSERT INTO space_partition (space, dn, folded_dn) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET dn = excluded.dn`,
            row?.id ?? 0,
            dn,
            foldDn(dn) ?? dn,
          );
      }
    });
    this.#read();
  }

  /** Has more attributes looked up by value until `setIndexed` records the outcome. */
  widen(space: Space, attributes: readonly string[]): void {
    this.#widened.set(space.id, attributes);
    this.#read();
  }

  /** Records which attributes the value table holds for an agent. */
  async setIndexed(space: Space, attributes: ReadonlySet<string>): Promise<void> {
    const list = JSON.stringify([...attributes].sort());
    await this.#database.commit(() =>
      this.#database.run('UPDATE space SET indexed = ? WHERE id = ?', list, space.id),
    );
    this.#widened.delete(space.id);
    this.#read();
  }

  #isEntered(agent: Agent): boolean {
    return (
      this.#spaces.has(agent.id) &&
      agent.partitions.every(({ dn }) => {
        const id = this.partitionId(agent.id, dn);
        return id !== undefined && this.#partitions.get(id)?.dn === dn;
      })
    );
  }

  #read(): void {
    const spaces = this.#database.all<{ id: number; agent: AgentId; indexed: string }>(
      'SELECT id, agent, indexed FROM space',
    );
    this.#spaces = new Map(
      spaces.map(({ id, agent, indexed }) => [
        agent,
        {
          id,
          agent,
          indexed: new Set([...(JSON.parse(indexed) as readonly string[]), ...(this.#widened.get(id) ?? [])]),
        },
      ]),
    );
    this.#agents = new Map(spaces.map(({ id, agent }) => [id, agent]));
    const partitions = this.#database.all<SpacePartition>('SELECT id, space, dn FROM space_partition');
    this.#partitions = new Map(partitions.map((partition) => [partition.id, partition]));
    this.#partitionIds = new Map(
      partitions.map(({ id, space, dn }) => [partitionKey(this.agentOf(space), dn), id]),
    );
  }
}

function partitionKey(agent: AgentId, dn: string): string {
  return `${agent} ${foldDn(dn) ?? dn}`;
}
