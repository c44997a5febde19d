import type { ImportItem } from '#identity/import-source.ts';
import type { DatabaseAgent, Partition } from '#shared/model/agent.ts';
import { nameRecord } from '#shared/text/record-name.ts';

import { toValue } from '../file/file-value.ts';
import { importedNames } from '../imported-names.ts';
import { joinAnchor, splitAnchor } from '../record/record-anchor.ts';
import type { SqlConnection, SqlRow } from './sql-driver.ts';
import type { TableColumns } from './table-columns.ts';

type Multivalue = NonNullable<DatabaseAgent['multivalue']>;

/** Turns rows into what staging takes. */
export class RowReader {
  /** Columns to ask for, in the database's own spelling. */
  readonly selected: readonly string[];
  readonly #agent: DatabaseAgent;
  readonly #partition: string;
  readonly #anchor: readonly string[];
  readonly #typeColumn: string | undefined;
  /** Attribute names as the rules spell them, by their folded form. */
  readonly #wanted: ReadonlyMap<string, string>;

  /** Throws `SqlError` `no-column` where the table lacks a column of the anchor or the type. */
  constructor(agent: DatabaseAgent, { dn }: Partition, columns: TableColumns) {
    this.#agent = agent;
    this.#partition = dn;
    this.#anchor = agent.anchor.map((name) => columns.spell(name));
    this.#typeColumn =
      agent.objectTypeColumn === undefined ? undefined : columns.spell(agent.objectTypeColumn);
    this.#wanted = importedNames(agent);
    const named = [...this.#wanted.keys()].flatMap((name) => columns.find(name) ?? []);
    const type = this.#typeColumn === undefined ? [] : [this.#typeColumn];
    this.selected = [...new Set([...this.#anchor, ...type, ...named])];
  }

  /** `changeColumn` says what happened to the row: Add, Modify or Delete. */
  read(row: SqlRow, changeColumn?: string): ImportItem {
    const parts = this.#anchor.map((name) => textOf(row.get(name)));
    const missing = parts.findIndex((part) => part === undefined || part === '');
    if (missing !== -1)
      return {
        kind: 'unreadable',
        word: 'missing-anchor-component',
        dn: '',
        detail: `A row of ${this.#agent.table} has no value in "${this.#anchor[missing]}"`,
      };
    const anchor = joinAnchor(parts.flatMap((part) => part ?? []));
    const dn = nameRecord(anchor, this.#partition);
    if (changeColumn !== undefined) {
      const change = textOf(row.get(changeColumn)) ?? '';
      if (/^delete$/i.test(change)) return { kind: 'deleted', anchor };
      if (!/^(?:add|modify)$/i.test(change))
        return { kind: 'unreadable', word: 'invalid-change-type', dn, detail: `"${change}" is no change` };
    }
    const attributes: Record<string, readonly string[]> = {};
    for (const [column, value] of row) {
      const name = this.#wanted.get(column.toLowerCase());
      const text = textOf(value);
      if (name !== undefined && text !== undefined && text !== '') attributes[name] = [text];
    }
    const type = this.#typeColumn === undefined ? undefined : textOf(row.get(this.#typeColumn));
    return { kind: 'object', object: { anchor, dn, objectType: type ?? this.#agent.objectType, attributes } };
  }

  /** Adds the values that stand in a table of their own. */
  async addValues(
    items: readonly ImportItem[],
    { attributeColumn, valueColumn }: Multivalue,
    columns: TableColumns,
    connection: SqlConnection,
    signal: AbortSignal,
  ): Promise<readonly ImportItem[]> {
    const names = this.#agent.anchor;
    const anchors = items.flatMap((item) => (item.kind === 'object' ? [item.object.anchor] : []));
    if (anchors.length === 0) return items;
    const split = anchors.map((anchor) => splitAnchor(anchor, names.length));
    const text = `${columns.select([...names, attributeColumn, valueColumn])} WHERE ${columns.matchAny(names, split)}`;
    const { rows } = await connection.run({ text, values: split.flat() }, signal);
    const values = new Map<string, Map<string, string[]>>();
    for (const row of rows) {
      const anchor = joinAnchor(names.map((name) => textOf(row.get(columns.spell(name))) ?? ''));
      const name = this.#wanted.get((textOf(row.get(columns.spell(attributeColumn))) ?? '').toLowerCase());
      const value = textOf(row.get(columns.spell(valueColumn)));
      if (name === undefined || value === undefined) continue;
      const known = values.get(anchor) ?? new Map<string, string[]>();
      values.set(anchor, known.set(name, [...(known.get(name) ?? []), value]));
    }
    return items.map((item) => {
      const more = item.kind === 'object' ? values.get(item.object.anchor) : undefined;
      if (item.kind !== 'object' || more === undefined) return item;
      const attributes = { ...item.object.attributes, ...Object.fromEntries(more) };
      return { ...item, object: { ...item.object, attributes } };
    });
  }
}

function textOf(value: string | Uint8Array | undefined): string | undefined {
  return value instanceof Uint8Array ? toValue(Buffer.from(value)) : value;
}
