import type { Connector, JoinTable } from '#engine/join-table.ts';
import type { AgentId, ChangeStamp, ConnectorId, PersonId } from '#shared/model/change.ts';

import type { Database } from './database.ts';
import type { SpaceRegistry } from './space-registry.ts';

const selection = `SELECT connector.id, space, partition, dn, anchor, object_type AS objectType, person,
    incoming_at AS incomingAt, incoming_version AS incomingVersion,
    outgoing_at AS outgoingAt, outgoing_version AS outgoingVersion
  FROM connector LEFT JOIN password_stamp ON password_stamp.connector = connector.id`;

interface JoinRow {
  readonly id: ConnectorId;
  readonly space: number;
  readonly partition: number;
  readonly dn: string;
  readonly anchor: string;
  readonly objectType: string;
  readonly person: PersonId | null;
  readonly incomingAt: number | null;
  readonly incomingVersion: number | null;
  readonly outgoingAt: number | null;
  readonly outgoingVersion: number | null;
}

/** The join table over the connector space; every look-up is one step in an index. */
export class JoinTableStore implements JoinTable {
  readonly #database: Database;
  readonly #registry: SpaceRegistry;

  constructor(database: Database, registry: SpaceRegistry) {
    this.#database = database;
    this.#registry = registry;
  }

  findConnector(agent: AgentId, anchor: string): Connector | undefined {
    const space = this.#registry.space(agent);
    if (space === undefined) return undefined;
    const row = this.#database.get<JoinRow>(`${selection} WHERE space = ? AND anchor = ?`, space.id, anchor);
    return row === undefined ? undefined : this.#toConnector(row);
  }

  connector(id: ConnectorId): Connector | undefined {
    const row = this.#database.get<JoinRow>(`${selection} WHERE connector.id = ?`, id);
    return row === undefined ? undefined : this.#toConnector(row);
  }

  connectorsOf(person: PersonId): readonly Connector[] {
    return this.#database
      .all<JoinRow>(`${selection} WHERE person = ? ORDER BY connector.id`, person)
      .map((row) => this.#toConnector(row));
  }

  #toConnector(row: JoinRow): Connector {
    return {
      id: row.id,
      agent: this.#registry.agentOf(row.space),
      partition: this.#registry.partition(row.partition).dn,
      dn: row.dn,
      anchor: row.anchor,
      objectType: row.objectType,
      person: row.person ?? undefined,
      incoming: toStamp(row.incomingAt, row.incomingVersion),
      outgoing: toStamp(row.outgoingAt, row.outgoingVersion),
    };
  }
}

function toStamp(committedAt: number | null, version: number | null): ChangeStamp | undefined {
  return committedAt === null ? undefined : { committedAt, version: version ?? 0 };
}
