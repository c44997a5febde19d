import type {
  ConnectorSpace,
  ConnectorState,
  KnownObject,
  Link,
  PendingImport,
  Slice,
  SpaceObject,
  StagedObject,
} from '#identity/connector-space.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { AgentId, ConnectorId, PersonId } from '#shared/model/change.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { foldText } from '#shared/text/folded-text.ts';

import { type ConnectorRow, connectorColumns, toSpaceObject } from './connector-row.ts';
import { accountAttribute, ConnectorValueIndex } from './connector-value-index.ts';
import type { Database } from './database.ts';
import { batchesOf } from './insert-batches.ts';
import type { Space, SpaceRegistry } from './space-registry.ts';

/** What synchronization has still to look at, as conditions of SQL. */
const waiting = ['add', 'update', 'retry', 'review'].map((pending) => `= '${pending}'`);

type KnownRow = Pick<
  ConnectorRow,
  'id' | 'anchor' | 'dn' | 'partition' | 'pending' | 'objectType' | 'attributes'
>;

interface IdRow {
  readonly id: ConnectorId;
}

/** The connector space in the server's database. */
export class ConnectorStore implements ConnectorSpace {
  readonly #database: Database;
  readonly #registry: SpaceRegistry;
  readonly #values: ConnectorValueIndex;

  constructor(database: Database, registry: SpaceRegistry) {
    this.#database = database;
    this.#registry = registry;
    this.#values = new ConnectorValueIndex(database, registry);
  }

  async prepare(agents: readonly Agent[]): Promise<void> {
    await this.#registry.enter(agents);
    for (const agent of agents) await this.#values.follow(this.#spaceOf(agent.id), agent);
  }

  count(agent: AgentId): number {
    return Object.values(this.counts(agent)).reduce((sum, count) => sum + count, 0);
  }

  find(id: ConnectorId): SpaceObject | undefined {
    return this.#one(`SELECT ${connectorColumns} FROM connector WHERE id = ?`, id);
  }

  findByAnchor(agent: AgentId, anchor: string): SpaceObject | undefined {
    const space = this.#registry.space(agent);
    if (space === undefined) return undefined;
    return this.#one(
      `SELECT ${connectorColumns} FROM connector WHERE space = ? AND anchor = ?`,
      space.id,
      anchor,
    );
  }

  findByDn(agent: AgentId, dn: string): SpaceObject | undefined {
    const space = this.#registry.space(agent);
    const folded = foldDn(dn);
    if (space === undefined || folded === undefined) return undefined;
    return this.#one(
      `SELECT ${connectorColumns} FROM connector WHERE space = ? AND folded_dn = ?`,
      space.id,
      folded,
    );
  }

  recall(agent: AgentId, objects: readonly StagedObject[]): ReadonlyMap<string, KnownObject> {
    const known = new Map<string, KnownObject>();
    const space = this.#registry.space(agent);
    if (space === undefined) return known;
    for (const batch of batchesOf(objects)) {
      const rows = this.#database.all<KnownRow>(
        `SELECT id, anchor, dn, partition, pending, object_type AS objectType, attributes
         FROM connector WHERE space = ? AND anchor IN (${batch.map(() => '?').join(', ')})`,
        space.id,
        ...batch.map(({ anchor }) => anchor),
      );
      if (rows.length === 0) continue;
      const asked = new Map(batch.map((object) => [object.anchor, object]));
      for (const row of rows) {
        const object = asked.get(row.anchor);
        if (object === undefined) continue;
        known.set(row.anchor, {
          id: row.id,
          dn: row.dn,
          partition: this.#registry.partition(row.partition).dn,
          pending: row.pending ?? undefined,
          isSame:
            row.objectType === object.objectType && row.attributes === JSON.stringify(object.attributes),
        });
      }
    }
    return known;
  }

  ofPerson(person: PersonId): readonly SpaceObject[] {
    return this.#database
      .all<ConnectorRow>(`SELECT ${connectorColumns} FROM connector WHERE person = ? ORDER BY id`, person)
      .map((row) => toSpaceObject(row, this.#registry));
  }

  withValue(agent: AgentId, attribute: string, value: string, limit: number): readonly ConnectorId[] {
    const space = this.#registry.space(agent);
    return space === undefined ? [] : this.#values.find(space, attribute, value, limit);
  }

  hasValue(agent: AgentId, attribute: string, value: string, id: ConnectorId): boolean {
    const space = this.#registry.space(agent);
    return space !== undefined && this.#values.has(space, attribute, value, id);
  }

  deletedIds(slice: Slice): readonly ConnectorId[] {
    return this.#slice(slice, ["= 'delete'"]);
  }

  pendingIds(slice: Slice): readonly ConnectorId[] {
    return this.#slice(slice, waiting);
  }

  allIds(slice: Slice): readonly ConnectorId[] {
    return this.#slice(slice, ['IS NULL', ...waiting]);
  }

  idsOf(agent: AgentId, limit: number): readonly ConnectorId[] {
    const space = this.#registry.space(agent);
    if (space === undefined) return [];
    const sql = 'SELECT id FROM connector WHERE space = ? LIMIT ?';
    return this.#database.all<IdRow>(sql, space.id, limit).map(({ id }) => id);
  }

  reviewIds(limit: number): readonly ConnectorId[] {
    return this.#database
      .all<IdRow>("SELECT id FROM connector WHERE pending = 'review' ORDER BY id LIMIT ?", limit)
      .map(({ id }) => id);
  }

  stagedIds(agent: AgentId, partition: string): readonly ConnectorId[] {
    return this.allIds({ agent, partition, after: 0, limit: -1 });
  }

  /** How many objects an agent has in each state. */
  counts(agent: AgentId): Readonly<Record<ConnectorState, number>> {
    const counts = { connector: 0, disconnector: 0, 'explicit-disconnector': 0, filtered: 0 };
    const space = this.#registry.space(agent);
    if (space === undefined) return counts;
    const sql = 'SELECT state, count FROM connector_count WHERE space = ?';
    for (const row of this.#database.all<{ state: ConnectorState; count: number }>(sql, space.id))
      counts[row.state] = row.count;
    return counts;
  }

  /** Objects of an agent by the name that people log on with: sAMAccountName or uid. */
  findByAccountName(agent: Agent, name: string): readonly SpaceObject[] {
    return this.withValue(agent.id, accountAttribute(agent), foldText(name), 10)
      .map((id) => this.find(id))
      .filter((object) => object !== undefined);
  }

  addAll(objects: readonly StagedObject[]): readonly ConnectorId[] {
    const ids: ConnectorId[] = [];
    const [first] = objects;
    if (first === undefined) return ids;
    const space = this.#spaceOf(first.agent);
    const place = this.#partitionOf(first);
    for (const batch of batchesOf(objects)) {
      const values: (number | string)[] = [space.id, place];
      for (const { anchor, dn, foldedDn, objectType, attributes } of batch)
        values.push(anchor, dn, foldedDn, objectType, JSON.stringify(attributes));
      const last = this.#database.insert(
        `INSERT INTO connector (space, partition, anchor, dn, folded_dn, object_type, attributes, pending)
         VALUES ${batch.map(() => "(?1, ?2, ?, ?, ?, ?, ?, 'add')").join(', ')}`,
        ...values,
      );
      // Row numbers only ever grow, and nobody else writes.
      for (let index = 1; index <= batch.length; index += 1) ids.push(last - batch.length + index);
    }
    // Once for all of them: a trigger would count each by itself.
    this.#database.run(
      `INSERT INTO connector_count VALUES (?, 'disconnector', ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      space.id,
      objects.length,
    );
    this.#values.enter(space, objects, ids);
    return ids;
  }

  replace(id: ConnectorId, object: StagedObject, pending: PendingImport): void {
    const before = this.find(id)?.attributes ?? {};
    this.#database.run(
      `UPDATE connector SET partition = ?, dn = ?, folded_dn = ?, object_type = ?, attributes = ?, pending = ?
       WHERE id = ?`,
      this.#partitionOf(object),
      object.dn,
      object.foldedDn,
      object.objectType,
      JSON.stringify(object.attributes),
      pending,
      id,
    );
    this.#values.update(this.#spaceOf(object.agent), id, before, object.attributes);
  }

  setPending(id: ConnectorId, pending: PendingImport | undefined): void {
    this.#database.run('UPDATE connector SET pending = ? WHERE id = ?', pending ?? null, id);
  }

  setLink(id: ConnectorId, link: Link): void {
    const { person, rule } =
      link.state === 'connector' ? { person: link.person, rule: link.link } : { person: null, rule: null };
    this.#database.run(
      'UPDATE connector SET state = ?, person = ?, link = ?, pending = NULL WHERE id = ?',
      link.state,
      person,
      rule,
      id,
    );
  }

  remove(object: SpaceObject): void {
    this.#values.update(this.#spaceOf(object.agent), object.id, object.attributes, {});
    this.#database.run('DELETE FROM connector WHERE id = ?', object.id);
  }

  watermark(agent: AgentId, partition: string): string | undefined {
    const sql = 'SELECT watermark FROM space_partition WHERE id = ?';
    const id = this.#registry.partitionId(agent, partition);
    if (id === undefined) return undefined;
    return this.#database.get<{ watermark: string | null }>(sql, id)?.watermark ?? undefined;
  }

  setWatermark(agent: AgentId, partition: string, watermark: string | undefined): void {
    const id = this.#partitionOf({ agent, partition });
    this.#database.run('UPDATE space_partition SET watermark = ? WHERE id = ?', watermark ?? null, id);
  }

  forgetWatermarks(agent: AgentId): void {
    const space = this.#registry.space(agent);
    if (space === undefined) return;
    this.#database.run('UPDATE space_partition SET watermark = NULL WHERE space = ?', space.id);
  }

  #one(sql: string, ...values: (string | number)[]): SpaceObject | undefined {
    const row = this.#database.get<ConnectorRow>(sql, ...values);
    return row === undefined ? undefined : toSpaceObject(row, this.#registry);
  }

  /** Objects on which one of these is pending; the index gives each kind in row order, and SQLite merges them. */
  #slice({ agent, partition, after, limit }: Slice, pending: readonly string[]): readonly ConnectorId[] {
    const id = this.#registry.partitionId(agent, partition);
    if (id === undefined) return [];
    const kinds = pending.map(
      (kind) => `SELECT id FROM connector WHERE partition = ?1 AND pending ${kind} AND id > ?2`,
    );
    const sql = `${kinds.join(' UNION ALL ')} ORDER BY id LIMIT ${limit}`;
    return this.#database.all<IdRow>(sql, id, after).map((row) => row.id);
  }

  #spaceOf(agent: AgentId): Space {
    const space = this.#registry.space(agent);
    if (space === undefined) throw new Error(`Agent ${agent} has no connector space yet`);
    return space;
  }

  #partitionOf({ agent, partition }: Pick<SpaceObject, 'agent' | 'partition'>): number {
    const id = this.#registry.partitionId(agent, partition);
    if (id === undefined) throw new Error(`Agent ${agent} has no partition ${partition} yet`);
    return id;
  }
}
