import type { Mapping, MappingChanges, MappingFilter, MappingId, NewMapping } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';

import type { SharedDatabase, SharedStatements, SharedValue } from './shared-database.ts';
import { foldAscii } from './shared-definition-table.ts';
import { codeOf } from './shared-error.ts';

/** Mappings that one list gives where nobody says how many. */
const defaultLimit = 10_000;
const uniqueViolation = '23505';

const columns = `m.id, a.name AS application, m.windows_account AS "windowsAccount",
  m.external_user AS "externalUser", m.enabled, m.disabled_by_administrator AS "disabledByAdministrator"`;
const stateUpdate = 'UPDATE carillon.mapping SET enabled = $2, disabled_by_administrator = $3 WHERE id = $1';
const deletion = 'DELETE FROM carillon.mapping WHERE id = ANY ($1::bigint[])';
const from = 'FROM carillon.mapping m JOIN carillon.application a ON a.id = m.application';

export class SharedMappingTable {
  readonly #database: SharedDatabase;

  constructor(database: SharedDatabase) {
    this.#database = database;
  }

  async find(id: MappingId): Promise<Mapping | undefined> {
    const [row] = await this.#database.all<Mapping>(`SELECT ${columns} ${from} WHERE m.id = $1`, id);
    return row;
  }

  async list(filter: MappingFilter): Promise<readonly Mapping[]> {
    const { applications, windowsAccount, externalUser, after, limit } = filter;
    if (applications?.length === 0) return [];
    const values: SharedValue[] = [];
    const parts: string[] = ['true'];
    const where = (text: string, value: SharedValue): void => {
      values.push(value);
      parts.push(text.replace('?', `$${values.length}`));
    };
    if (applications !== undefined) where('lower(a.name) = ANY (?)', applications.map(foldAscii));
    if (windowsAccount !== undefined) where('lower(m.windows_account) = ?', foldAscii(windowsAccount));
    if (externalUser !== undefined) where('m.external_user = ?', externalUser);
    if (after !== undefined) where('m.id > ?', after);
    values.push(limit ?? defaultLimit);
    return await this.#database.all<Mapping>(
      `SELECT ${columns} ${from} WHERE ${parts.join(' AND ')} ORDER BY m.id LIMIT $${values.length}`,
      ...values,
    );
  }

  async count(application: string): Promise<number> {
    const [row] = await this.#database.all<{ count: number }>(
      `SELECT count(*) AS count ${from} WHERE lower(a.name) = $1`,
      foldAscii(application),
    );
    return row?.count ?? 0;
  }

  insert(mappings: readonly NewMapping[]): Promise<readonly MappingId[]> {
    return this.#database.transact(async (statements) => {
      const ids: MappingId[] = [];
      for (const mapping of mappings) ids.push(await insertOne(statements, mapping));
      return ids;
    });
  }

  async setState(
    id: MappingId,
    { enabled, disabledByAdministrator }: Pick<Mapping, 'enabled' | 'disabledByAdministrator'>,
  ): Promise<boolean> {
    return (await this.#database.run(stateUpdate, id, enabled, disabledByAdministrator)) > 0;
  }

  change({ deleted, inserted, states }: MappingChanges): Promise<void> {
    return this.#database.transact(async (statements) => {
      await statements.run(deletion, deleted.map(String));
      for (const mapping of inserted) await insertOne(statements, mapping);
      for (const { id, enabled, disabledByAdministrator } of states)
        await statements.run(stateUpdate, id, enabled, disabledByAdministrator);
    });
  }

  delete(ids: readonly MappingId[]): Promise<number> {
    return this.#database.run(deletion, ids.map(String));
  }
}

async function insertOne(statements: SharedStatements, mapping: NewMapping): Promise<MappingId> {
  const { application, windowsAccount, externalUser, enabled, disabledByAdministrator } = mapping;
  const [known] = await statements.all<{ id: number; type: string }>(
    // Held, so that it is not deleted under the mapping.
    "SELECT id, document::json ->> 'type' AS type FROM carillon.application WHERE lower(name) = $1 FOR KEY SHARE",
    foldAscii(application),
  );
  if (known === undefined)
    throw new SsoError(10756, 'not_found', `No affiliate application "${application}"`);
  try {
    const [row] = await statements.all<{ id: number }>(
      `INSERT INTO carillon.mapping
          (application, type, windows_account, external_user, enabled, disabled_by_administrator)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      known.id,
      known.type,
      windowsAccount,
      externalUser,
      enabled,
      disabledByAdministrator,
    );
    return row?.id ?? 0;
  } catch (cause) {
    if (codeOf(cause) !== uniqueViolation) throw cause;
    const isWindows = (cause as { readonly constraint?: string }).constraint === 'mapping_windows';
    throw new SsoError(
      isWindows ? 11045 : 11046,
      'conflict',
      `${isWindows ? windowsAccount : externalUser} has a mapping in ${application} already`,
      { cause },
    );
  }
}
