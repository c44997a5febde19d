import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import type { Mistake } from '#shared/contract/configuration.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AuditSink, CredentialDatabase, DefinitionTable } from '#sso/ports.ts';

import { type ParsedSections, parseSections, type Sections } from './parse-sections.ts';
import { mappingName, readMappings, readSections } from './read-sections.ts';

export interface SectionDeskParts {
  readonly database: CredentialDatabase;
  readonly audit: AuditSink;
  /** Told when applications, and the adapters with these names, are other ones. */
  readonly changed: (adapters: readonly string[]) => void;
}

interface NamedChange {
  readonly kind: 'application' | 'adapter' | 'filter';
  readonly name: string;
  readonly act: 'created' | 'updated' | 'deleted';
}

/** Reads what snapshots hold of the credential database, and puts it back. */
export class SectionDesk {
  readonly #parts: SectionDeskParts;

  constructor(parts: SectionDeskParts) {
    this.#parts = parts;
  }

  read(options: { readonly mappings: boolean }): Promise<JsonObject> {
    return readSections(this.#parts.database, options);
  }

  /** What keeps these sections from being put in place of those of now. */
  check(target: JsonObject, current: JsonObject): readonly Mistake[] {
    return this.#parse(target, current).mistakes;
  }

  /**
   * Makes and changes what `target` has, then runs `between`, and deletes at last what it lacks: what is deleted takes
   * its credentials along, so nothing goes before all the rest is in force. Where anything up to then fails, what was
   * made and changed is taken back, with the function that `between` returned. The function that it resolves with
   * tells the audit.
   */
  async apply(target: JsonObject, between: () => () => void): Promise<(by: string) => Promise<void>> {
    const { database } = this.#parts;
    const current = await this.read({ mappings: 'mappings' in target });
    const before = parseSections(current, {}).sections;
    const after = this.#parse(target, current).sections;
    const undo: (() => unknown)[] = [];
    const changes: NamedChange[] = [];
    try {
      for (const step of [
        () => upsert(database.filters, 'filter', before.filters, after.filters, undo),
        () => upsert(database.adapters, 'adapter', before.adapters, after.adapters, undo),
        () => upsert(database.applications, 'application', before.applications, after.applications, undo),
      ])
        changes.push(...(await step()));
      undo.push(between());
      if (after.mappings !== undefined) await this.#replaceMappings(after.mappings);
    } catch (error) {
      for (const back of undo.reverse()) await back();
      throw error;
    }
    changes.push(
      ...(await remove(database.applications, 'application', before.applications, after.applications)),
      ...(await remove(database.adapters, 'adapter', before.adapters, after.adapters)),
      ...(await remove(database.filters, 'filter', before.filters, after.filters)),
    );
    this.#parts.changed(changes.flatMap(({ kind, name }) => (kind === 'adapter' ? [name] : [])));
    return (by) => this.#tell(changes, by);
  }

  #parse(target: JsonObject, current: JsonObject): ParsedSections {
    return parseSections(target, parseSections(current, {}).sections);
  }

  async #replaceMappings(wanted: NonNullable<Sections['mappings']>): Promise<void> {
    const { database } = this.#parts;
    const have = new Map((await readMappings(database)).map((mapping) => [mappingName(mapping), mapping]));
    const names = new Set(wanted.map(mappingName));
    await database.changeMappings({
      deleted: [...have].flatMap(([name, { id }]) => (names.has(name) ? [] : id)),
      inserted: wanted.filter((mapping) => !have.has(mappingName(mapping))),
      states: wanted.flatMap(({ enabled, disabledByAdministrator, ...mapping }) => {
        const known = have.get(mappingName(mapping));
        const isSame =
          known?.enabled === enabled && known.disabledByAdministrator === disabledByAdministrator;
        return known === undefined || isSame ? [] : { id: known.id, enabled, disabledByAdministrator };
      }),
    });
  }

  async #tell(changes: readonly NamedChange[], by: string): Promise<void> {
    // All at once: lines of one turn share a transaction, where thousands one by one would take as many.
    const told = changes.map(({ kind, name, act }) =>
      this.#parts.audit.record({
        event: 10535,
        message: `The ${kind} ${name} was ${act} by a restore by ${by}`,
        caller: by,
        level: 1,
        table: 'administration',
        ...(kind === 'application' ? { application: name } : {}),
        ...(kind === 'adapter' ? { adapter: name } : {}),
      }),
    );
    await Promise.all(told);
  }
}

function changedMeanwhile(): AppError {
  return new AppError('conflict', 'A definition of single sign-on was changed since the plan was made', {
    fix: 'Look at the plan again.',
  });
}

async function upsert<T extends { readonly name: string }>(
  table: DefinitionTable<T>,
  kind: NamedChange['kind'],
  before: readonly T[] = [],
  after: readonly T[] | undefined,
  undo: (() => unknown)[],
): Promise<readonly NamedChange[]> {
  const was = new Map(before.map((one) => [one.name.toLowerCase(), one]));
  const fresh: T[] = [];
  const changed: T[] = [];
  for (const one of after ?? []) {
    const known = was.get(one.name.toLowerCase());
    if (known === undefined) fresh.push(one);
    else if (JSON.stringify(known) !== JSON.stringify(one)) changed.push(one);
  }
  if (fresh.length > 0) {
    if (!(await table.insert(fresh))) throw changedMeanwhile();
    undo.push(async () => {
      for (const { name } of fresh) await table.delete(name);
    });
  }
  if (changed.length > 0) {
    if (!(await table.update(changed))) throw changedMeanwhile();
    undo.push(() => table.update(changed.flatMap(({ name }) => was.get(name.toLowerCase()) ?? [])));
  }
  return [
    ...fresh.map(({ name }) => ({ kind, name, act: 'created' as const })),
    ...changed.map(({ name }) => ({ kind, name, act: 'updated' as const })),
  ];
}

async function remove<T extends { readonly name: string }>(
  table: DefinitionTable<T>,
  kind: NamedChange['kind'],
  before: readonly T[] = [],
  after: readonly T[] | undefined,
): Promise<readonly NamedChange[]> {
  if (after === undefined) return [];
  const kept = new Set(after.map(({ name }) => name.toLowerCase()));
  const gone = before.filter(({ name }) => !kept.has(name.toLowerCase()));
  for (const { name } of gone) await table.delete(name);
  return gone.map(({ name }) => ({ kind, name, act: 'deleted' as const }));
}
