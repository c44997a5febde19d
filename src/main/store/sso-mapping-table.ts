import type { Mapping, MappingChanges, MappingFilter, MappingId, NewMapping } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';

import type { Database } from './database.ts';

/** Mappings that one list gives where nobody says how many. */
const defaultLimit = 10_000;

interface Row {
  readonly id: number;
  readonly application: string;
  readonly windowsAccount: string;
  readonly externalUser: string;
  readonly enabled: number;
  readonly disabledByAdministrator: number;
}

const columns = `m.id, a.name AS application, m.windows_account AS windowsAccount, m.external_user AS externalUser,
  m.enabled, m.disabled_by_administrator AS disabledByAdministrator`;
const from = 'FROM sso_mapping m JOIN sso_application a ON a.id = m.application';

export class SsoMappingTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: MappingId): Mapping | undefined {
    const row = this.#database.get<Row>(`SELECT ${columns} ${from} WHERE m.id = ?`, id);
    return row === undefined ? undefined : toMapping(row);
  }

  list({ applications, windowsAccount, externalUser, after, limit }: MappingFilter): readonly Mapping[] {
    const parts: [string, readonly (string | number)[]][] = [];
    if (applications !== undefined) {
      if (applications.length === 0) return [];
      const marks = applications.map(() => '?').join(', ');
      parts.push([
        `m.application IN (SELECT id FROM sso_application WHERE name IN (${marks}))`,
        applications,
      ]);
    }
    if (windowsAccount !== undefined) parts.push(['m.windows_account = ?', [windowsAccount]]);
    if (externalUser !== undefined) parts.push(['m.external_user = ?', [externalUser]]);
    if (after !== undefined) parts.push(['m.id > ?', [after]]);
    const condition = ['1', ...parts.map(([text]) => text)].join(' AND ');
    return this.#database
      .all<Row>(
        `SELECT ${columns} ${from} WHERE ${condition} ORDER BY m.id LIMIT ?`,
        ...parts.flatMap(([, values]) => values),
        limit ?? defaultLimit,
      )
      .map(toMapping);
  }

  count(application: string): number {
    return (
      this.#database.get<{ count: number }>(
        'SELECT count(*) AS count FROM sso_mapping WHERE application = (SELECT id FROM sso_application WHERE name = ?)',
        application,
      )?.count ?? 0
    );
  }

  insert(mappings: readonly NewMapping[]): Promise<readonly MappingId[]> {
    return this.#database.commit(() => mappings.map((mapping) => this.#insertOne(mapping)));
  }

  setState(
    id: MappingId,
    state: { readonly enabled: boolean; readonly disabledByAdministrator: boolean },
  ): Promise<boolean> {
    return this.#database.commit(() => this.#setOne({ id, ...state }) > 0);
  }

  change({ deleted, inserted, states }: MappingChanges): Promise<void> {
    return this.#database.commit(() => {
      this.#deleteAll(deleted);
      for (const mapping of inserted) this.#insertOne(mapping);
      for (const state of states) this.#setOne(state);
    });
  }

  delete(ids: readonly MappingId[]): Promise<number> {
    return this.#database.commit(() => this.#deleteAll(ids));
  }

  #setOne({ id, enabled, disabledByAdministrator }: MappingChanges['states'][number]): number {
    return this.#database.run(
      'UPDATE sso_mapping SET enabled = ?, disabled_by_administrator = ? WHERE id = ?',
      Number(enabled),
      Number(disabledByAdministrator),
      id,
    );
  }

  #deleteAll(ids: readonly MappingId[]): number {
    return ids.reduce((sum, id) => sum + this.#database.run('DELETE FROM sso_mapping WHERE id = ?', id), 0);
  }

  #insertOne(mapping: NewMapping): MappingId {
    const { application, windowsAccount, externalUser } = mapping;
    const known = this.#database.get<{ id: number; type: string }>(
      "SELECT id, json_extract(document, '$.type') AS type FROM sso_application WHERE name = ?",
      application,
    );
    if (known === undefined)
      throw new SsoError(10756, 'not_found', `No affiliate application "${application}"`);
    try {
      return this.#database.insert(
        `INSERT INTO sso_mapping
            (application, type, windows_account, external_user, enabled, disabled_by_administrator)
          VALUES (?, ?, ?, ?, ?, ?)`,
        known.id,
        known.type,
        windowsAccount,
        externalUser,
        Number(mapping.enabled),
        Number(mapping.disabledByAdministrator),
      );
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : '';
      if (!text.includes('UNIQUE')) throw cause;
      const isWindows = text.includes('windows_account');
      throw new SsoError(
        isWindows ? 11045 : 11046,
        'conflict',
        `${isWindows ? windowsAccount : externalUser} has a mapping in ${application} already`,
        { cause },
      );
    }
  }
}

function toMapping({ enabled, disabledByAdministrator, ...row }: Row): Mapping {
  return { ...row, enabled: enabled !== 0, disabledByAdministrator: disabledByAdministrator !== 0 };
}
