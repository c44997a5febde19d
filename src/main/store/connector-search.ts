import type { ConnectorState } from '#identity/connector-space.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import { foldText } from '#shared/text/folded-text.ts';

import type { Database } from './database.ts';
import type { SpaceRegistry } from './space-registry.ts';

export interface ConnectorFilter {
  readonly agent: AgentId;
  /** Part of the distinguished name, without regard to case; everything where empty. */
  readonly text: string;
  /** Every state where absent. */
  readonly states: readonly ConnectorState[] | undefined;
  /** Goes on behind this object. */
  readonly after: ConnectorId | undefined;
  readonly limit: number;
}

/** Finds objects of a connector space for screens, in the order of their names. */
export class ConnectorSearch {
  readonly #database: Database;
  readonly #registry: SpaceRegistry;

  constructor(database: Database, registry: SpaceRegistry) {
    this.#database = database;
    this.#registry = registry;
  }

  find({ agent, text, states, after, limit }: ConnectorFilter): readonly ConnectorId[] {
    const space = this.#registry.space(agent);
    if (space === undefined) return [];
    const rows = this.#database.all<{ id: ConnectorId }>(
      `SELECT id FROM connector
        WHERE space = ? AND (folded_dn, id) > (ifnull((SELECT folded_dn FROM connector WHERE id = ?), ''), ?)
          AND instr(folded_dn, ?) > 0 ${states === undefined ? '' : 'AND state IN (SELECT value FROM json_each(?))'}
        ORDER BY folded_dn, id LIMIT ?`,
      space.id,
      after ?? 0,
      after ?? 0,
      foldText(text),
      ...(states === undefined ? [] : [JSON.stringify(states)]),
      limit,
    );
    return rows.map(({ id }) => id);
  }
}
