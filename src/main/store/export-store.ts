import type { LinkRule, Slice } from '#identity/connector-space.ts';
import type { Attributes } from '#identity/import-source.ts';
import type {
  ExportStage,
  PendingExport,
  PendingExports,
  StagedDelete,
  StagedExport,
  StagedUpdate,
} from '#identity/pending-exports.ts';
import type { RunErrorWord } from '#identity/run-error.ts';
import type { AgentId, ConnectorId, PersonId } from '#shared/model/change.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';

import type { Database } from './database.ts';
import type { SpaceRegistry } from './space-registry.ts';

const columns = `id, space, partition, operation, person, connector, dn, object_classes AS objectClasses, changes,
  stage, tries, error, former_person AS formerPerson, former_link AS formerLink`;

interface ExportRow {
  readonly id: number;
  readonly space: number;
  readonly partition: number;
  readonly operation: PendingExport['operation'];
  readonly person: PersonId | null;
  readonly connector: ConnectorId | null;
  readonly dn: string | null;
  readonly objectClasses: string;
  readonly changes: string;
  readonly stage: ExportStage;
  readonly tries: number;
  readonly error: RunErrorWord | null;
  readonly formerPerson: PersonId | null;
  readonly formerLink: LinkRule | null;
}

/** How many exports of an agent wait, by what they do. */
export interface ExportCounts {
  readonly add: number;
  readonly update: number;
  readonly delete: number;
}

/** Pending exports in the server's database. */
export class ExportStore implements PendingExports {
  readonly #database: Database;
  readonly #registry: SpaceRegistry;

  constructor(database: Database, registry: SpaceRegistry) {
    this.#database = database;
    this.#registry = registry;
  }

  get isEmpty(): boolean {
    return this.#database.get('SELECT 1 FROM pending_export LIMIT 1') === undefined;
  }

  find(id: number): PendingExport | undefined {
    return this.#one('id = ?', id);
  }

  addFor(agent: AgentId, person: PersonId): PendingExport | undefined {
    const space = this.#registry.space(agent);
    return space === undefined ? undefined : this.#one('person = ? AND space = ?', person, space.id);
  }

  addNamed(agent: AgentId, foldedDn: string): PendingExport | undefined {
    const space = this.#registry.space(agent);
    if (space === undefined) return undefined;
    return this.#one("space = ? AND folded_dn = ? AND operation = 'add'", space.id, foldedDn);
  }

  renameSent(agent: AgentId, foldedDn: string): (PendingExport & StagedUpdate) | undefined {
    const space = this.#registry.space(agent);
    if (space === undefined) return undefined;
    const where = "space = ? AND folded_dn = ? AND operation = 'update' AND stage = 'exported'";
    const staged = this.#one(where, space.id, foldedDn);
    return staged?.operation === 'update' ? staged : undefined;
  }

  addsOf(person: PersonId): readonly PendingExport[] {
    return this.#database
      .all<ExportRow>(`SELECT ${columns} FROM pending_export WHERE person = ?`, person)
      .map((row) => this.#toExport(row));
  }

  addsSent(agent: AgentId, partition: string): readonly PendingExport[] {
    const id = this.#registry.partitionId(agent, partition);
    if (id === undefined) return [];
    const sql = `SELECT ${columns} FROM pending_export
      WHERE partition = ? AND stage = 'exported' AND operation = 'add' ORDER BY id`;
    return this.#database.all<ExportRow>(sql, id).map((row) => this.#toExport(row));
  }

  deleteFor(agent: AgentId, person: PersonId): (PendingExport & StagedDelete) | undefined {
    const space = this.#registry.space(agent);
    if (space === undefined) return undefined;
    const staged = this.#one('former_person = ? AND space = ?', person, space.id);
    return staged?.operation === 'delete' ? staged : undefined;
  }

  ofConnector(connector: ConnectorId): PendingExport | undefined {
    return this.#one('connector = ?', connector);
  }

  pendingIds({ agent, partition, after, limit }: Slice): readonly number[] {
    const id = this.#registry.partitionId(agent, partition);
    if (id === undefined) return [];
    const sql = `SELECT id FROM pending_export WHERE partition = ? AND id > ? AND stage = 'pending'
      ORDER BY id LIMIT ${limit}`;
    return this.#database.all<{ id: number }>(sql, id, after).map((row) => row.id);
  }

  countDeletes(agent: AgentId, partition: string): number {
    const id = this.#registry.partitionId(agent, partition);
    const sql = `SELECT count(*) AS count FROM pending_export
      WHERE partition = ? AND stage = 'pending' AND operation = 'delete'`;
    return id === undefined ? 0 : (this.#database.get<{ count: number }>(sql, id)?.count ?? 0);
  }

  /** Exports of an agent that the directory does not show yet. */
  counts(agent: AgentId): ExportCounts {
    const counts = { add: 0, update: 0, delete: 0 };
    const space = this.#registry.space(agent);
    if (space === undefined) return counts;
    const sql = 'SELECT operation, count(*) AS count FROM pending_export WHERE space = ? GROUP BY operation';
    type Counted = { readonly operation: PendingExport['operation']; readonly count: number };
    for (const { operation, count } of this.#database.all<Counted>(sql, space.id)) counts[operation] = count;
    return counts;
  }

  stage(wanted: StagedExport): void {
    const before =
      wanted.operation === 'add'
        ? this.addFor(wanted.agent, wanted.person)
        : this.ofConnector(wanted.connector);
    if (before !== undefined) this.remove(before.id);
    const dn =
      wanted.operation === 'add' ? wanted.dn : wanted.operation === 'update' ? wanted.newDn : undefined;
    const former = wanted.operation === 'delete' ? wanted.former : undefined;
    this.#database.insert(
      `INSERT INTO pending_export
         (space, partition, operation, person, connector, dn, folded_dn, object_classes, changes, former_person,
          former_link)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.#spaceOf(wanted.agent),
      this.#partitionOf(wanted),
      wanted.operation,
      wanted.operation === 'add' ? wanted.person : null,
      wanted.operation === 'add' ? null : wanted.connector,
      dn ?? null,
      dn === undefined ? null : (foldDn(dn) ?? null),
      JSON.stringify(wanted.operation === 'add' ? wanted.objectClasses : []),
      JSON.stringify(wanted.changes),
      former?.person ?? null,
      former?.link ?? null,
    );
  }

  setStage(id: number, stage: ExportStage): void {
    this.#database.run('UPDATE pending_export SET stage = ?, error = NULL WHERE id = ?', stage, id);
  }

  fail(id: number, error: RunErrorWord): void {
    this.#database.run('UPDATE pending_export SET error = ?, tries = tries + 1 WHERE id = ?', error, id);
  }

  remove(id: number): void {
    this.#database.run('DELETE FROM pending_export WHERE id = ?', id);
  }

  removeAdds(agent: AgentId): void {
    const space = this.#registry.space(agent);
    if (space === undefined) return;
    this.#database.run("DELETE FROM pending_export WHERE space = ? AND operation = 'add'", space.id);
  }

  #one(condition: string, ...values: (string | number)[]): PendingExport | undefined {
    const sql = `SELECT ${columns} FROM pending_export WHERE ${condition}`;
    const row = this.#database.get<ExportRow>(sql, ...values);
    return row === undefined ? undefined : this.#toExport(row);
  }

  #toExport(row: ExportRow): PendingExport {
    const common = {
      id: row.id,
      agent: this.#registry.agentOf(row.space),
      partition: this.#registry.partition(row.partition).dn,
      changes: JSON.parse(row.changes) as Attributes,
      stage: row.stage,
      tries: row.tries,
      error: row.error ?? undefined,
    };
    if (row.operation === 'add') {
      const objectClasses = JSON.parse(row.objectClasses) as readonly string[];
      return { ...common, operation: 'add', person: row.person ?? 0, dn: row.dn ?? '', objectClasses };
    }
    const connector = row.connector ?? 0;
    if (row.operation === 'delete') {
      const { formerPerson: person, formerLink: link } = row;
      const former = person === null || link === null ? undefined : { person, link };
      return { ...common, operation: 'delete', connector, former };
    }
    return { ...common, operation: 'update', connector, newDn: row.dn ?? undefined };
  }

  #spaceOf(agent: AgentId): number {
    const space = this.#registry.space(agent);
    if (space === undefined) throw new Error(`Agent ${agent} has no connector space yet`);
    return space.id;
  }

  #partitionOf({ agent, partition }: Pick<StagedExport, 'agent' | 'partition'>): number {
    const id = this.#registry.partitionId(agent, partition);
    if (id === undefined) throw new Error(`Agent ${agent} has no partition ${partition} yet`);
    return id;
  }
}
