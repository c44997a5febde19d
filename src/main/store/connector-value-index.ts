import { valuesOf } from '#identity/connector-space.ts';
import type { Attributes } from '#identity/import-source.ts';
import { indexValues } from '#identity/index-values.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { ConnectorId } from '#shared/model/change.ts';

import type { Database } from './database.ts';
import { batchesOf } from './insert-batches.ts';
import type { Space, SpaceRegistry } from './space-registry.ts';

/** Rows per transaction while the values of a newly used attribute are entered. */
const batchSize = 2000;

/** Finds connectors by the values of the attributes that their agent's rules use. */
export class ConnectorValueIndex {
  readonly #database: Database;
  readonly #registry: SpaceRegistry;

  constructor(database: Database, registry: SpaceRegistry) {
    this.#database = database;
    this.#registry = registry;
  }

  /** Takes in attributes that an agent's rules use by now, and drops those that they use no more. */
  async follow(space: Space, agent: Agent): Promise<void> {
    const wanted = indexedAttributes(agent);
    const added = [...wanted].filter((attribute) => !space.indexed.has(attribute));
    const removed = [...space.indexed].filter((attribute) => !wanted.has(attribute));
    if (removed.length > 0) {
      await this.#registry.setIndexed(space, new Set([...space.indexed].filter((name) => wanted.has(name))));
      await this.#drop(space, removed);
    }
    if (added.length === 0) return;
    // What is staged while the older objects are entered must not be missed.
    this.#registry.widen(space, added);
    await this.#fill(space, added);
    await this.#registry.setIndexed(space, wanted);
  }

  find(space: Space, attribute: string, value: string, limit: number): readonly ConnectorId[] {
    // SQLite plans a statement anew for each bound limit, which costs twice the look-up.
    const sql = `SELECT connector FROM connector_value
      WHERE space = ? AND attribute = ? AND value = ? ORDER BY connector LIMIT ${limit}`;
    return this.#database
      .all<{ connector: ConnectorId }>(sql, space.id, attribute.toLowerCase(), value)
      .map(({ connector }) => connector);
  }

  has(space: Space, attribute: string, value: string, id: ConnectorId): boolean {
    const sql = `SELECT connector FROM connector_value
      WHERE space = ? AND attribute = ? AND value = ? AND connector = ?`;
    return this.#database.get(sql, space.id, attribute.toLowerCase(), value, id) !== undefined;
  }

  /** Enters the values of new objects, whose rows are `ids`, from within a commit. */
  enter(
    space: Space,
    objects: readonly { readonly attributes: Attributes }[],
    ids: readonly ConnectorId[],
  ): void {
    for (const attribute of space.indexed) {
      const rows: (readonly [string, ConnectorId])[] = [];
      for (const [index, { attributes }] of objects.entries())
        for (const value of indexValues(valuesOf(attributes, attribute))) rows.push([value, ids[index] ?? 0]);
      for (const batch of batchesOf(rows)) {
        const values: (string | number)[] = [space.id, attribute];
        for (const [value, id] of batch) values.push(value, id);
        this.#database.run(
          `INSERT INTO connector_value VALUES ${batch.map(() => '(?1, ?2, ?, ?)').join(', ')}`,
          ...values,
        );
      }
    }
  }

  /** Follows one object's change, from within a commit. */
  update(space: Space, id: ConnectorId, before: Attributes, after: Attributes): void {
    for (const attribute of space.indexed) {
      const then = indexValues(valuesOf(before, attribute));
      const now = indexValues(valuesOf(after, attribute));
      for (const value of then) if (!now.includes(value)) this.#leave(space, attribute, value, id);
      for (const value of now) if (!then.includes(value)) this.#enter(space, attribute, value, id);
    }
  }

  async #fill(space: Space, attributes: readonly string[]): Promise<void> {
    for (let after = 0; ; ) {
      const last = await this.#database.commit(() => {
        const rows = this.#database.all<{ id: ConnectorId; attributes: string }>(
          // The plus sign keeps SQLite on the row numbers; any index on the space would have to be sorted.
          'SELECT id, attributes FROM connector WHERE +space = ? AND id > ? ORDER BY id LIMIT ?',
          space.id,
          after,
          batchSize,
        );
        for (const row of rows) {
          const stored = JSON.parse(row.attributes) as Attributes;
          for (const attribute of attributes)
            for (const value of indexValues(valuesOf(stored, attribute)))
              this.#enter(space, attribute, value, row.id);
        }
        return rows.at(-1)?.id;
      });
      if (last === undefined) return;
      after = last;
    }
  }

  #drop(space: Space, attributes: readonly string[]): Promise<void> {
    const sql = 'DELETE FROM connector_value WHERE space = ? AND attribute = ?';
    return this.#database.commit(() => {
      for (const attribute of attributes) this.#database.run(sql, space.id, attribute);
    });
  }

  #enter(space: Space, attribute: string, value: string, id: ConnectorId): void {
    const sql = 'INSERT INTO connector_value VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING';
    this.#database.run(sql, space.id, attribute, value, id);
  }

  #leave(space: Space, attribute: string, value: string, id: ConnectorId): void {
    const sql =
      'DELETE FROM connector_value WHERE space = ? AND attribute = ? AND value = ? AND connector = ?';
    this.#database.run(sql, space.id, attribute, value, id);
  }
}

/** The attribute that holds the name which people log on with. */
export function accountAttribute(agent: Agent): string {
  return agent.kind === 'active-directory' ? 'sAMAccountName' : 'uid';
}

/** What objects are looked up by: the agent's join rules, and the account name that administrators type. */
function indexedAttributes(agent: Agent): ReadonlySet<string> {
  const joined = agent.join.flatMap(({ mappings }) => mappings.map(({ connector }) => connector));
  return new Set([accountAttribute(agent), ...joined].map((name) => name.toLowerCase()));
}
