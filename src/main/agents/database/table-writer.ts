import { ExportFailure } from '#identity/export-target.ts';
import type { Attributes } from '#identity/import-source.ts';
import type { DatabaseAgent } from '#shared/model/agent.ts';

import type { SqlConnection, SqlDialect } from './sql-driver.ts';
import type { TableColumns } from './table-columns.ts';

export interface TableWriterParts {
  readonly agent: DatabaseAgent;
  readonly connection: SqlConnection;
  readonly dialect: SqlDialect;
  readonly columns: TableColumns;
  /** Columns of the table that holds values of their own. */
  readonly beside: TableColumns | undefined;
}

/** A column with what shall stand in it; undefined for NULL. */
type Cell = readonly [column: string, value: string | undefined];

/** What an object's attributes are in tables: cells of its row, and rows of the table of values. */
interface Placed {
  readonly cells: readonly Cell[];
  readonly values: readonly (readonly [attribute: string, values: readonly string[]])[];
}

/** Writes one agent's rows. Every method belongs inside a transaction and throws `ExportFailure` or `SqlError`. */
export class TableWriter {
  readonly #parts: TableWriterParts;

  constructor(parts: TableWriterParts) {
    this.#parts = parts;
  }

  async insert(
    anchor: readonly string[],
    objectType: string,
    attributes: Attributes,
    signal: AbortSignal,
  ): Promise<void> {
    const { agent, columns } = this.#parts;
    const { cells, values } = this.#place(attributes, anchor);
    const type: readonly Cell[] =
      agent.objectTypeColumn === undefined ? [] : [[columns.spell(agent.objectTypeColumn), objectType]];
    const all = [...this.#anchorCells(anchor), ...type, ...cells];
    await this.#run(`INSERT INTO ${columns.table} (${names(all, columns)})`, all, 'VALUES', signal);
    await this.#writeValues(anchor, values, signal);
  }

  async update(
    anchor: readonly string[],
    newAnchor: readonly string[] | undefined,
    changes: Attributes,
    signal: AbortSignal,
  ): Promise<void> {
    const { columns } = this.#parts;
    const { cells, values } = this.#place(changes, newAnchor ?? anchor);
    const all = [...(newAnchor === undefined ? [] : this.#anchorCells(newAnchor)), ...cells];
    if (all.length > 0) {
      const bound = all.flatMap(([, value]) => (value === undefined ? [] : [value]));
      let place = 0;
      const sets = all.map(([column, value]) =>
        value === undefined
          ? `${columns.quote(column)} = NULL`
          : `${columns.quote(column)} = ${this.#parts.dialect.placeholder(place++)}`,
      );
      const where = columns.match(this.#parts.agent.anchor, bound.length);
      const text = `UPDATE ${columns.table} SET ${sets.join(', ')} WHERE ${where}`;
      await this.#hitOne(text, [...bound, ...anchor], anchor, signal);
    }
    if (newAnchor !== undefined) await this.#moveValues(anchor, newAnchor, signal);
    await this.#writeValues(newAnchor ?? anchor, values, signal);
  }

  async delete(anchor: readonly string[], signal: AbortSignal): Promise<void> {
    const { agent, columns, connection, beside } = this.#parts;
    if (beside !== undefined)
      await connection.run(
        { text: `DELETE FROM ${beside.table} WHERE ${beside.match(agent.anchor)}`, values: anchor },
        signal,
      );
    const text = `DELETE FROM ${columns.table} WHERE ${columns.match(agent.anchor)}`;
    await this.#hitOne(text, anchor, anchor, signal);
  }

  /** Throws `ExportFailure` for what no table of the agent has room for. */
  #place(attributes: Attributes, anchor: readonly string[]): Placed {
    const { agent, columns, beside } = this.#parts;
    const cells: Cell[] = [];
    const rows: [string, readonly string[]][] = [];
    for (const [name, values] of Object.entries(attributes)) {
      const column = columns.find(name);
      const part = agent.anchor.findIndex((one) => one.toLowerCase() === name.toLowerCase());
      if (part !== -1) {
        if (values.length === 1 && values[0] === anchor[part]) continue;
        throw new ExportFailure(
          'invalid-dn',
          `"${name}" is a part of the name, and "${values.join(', ')}" is not what the name says`,
        );
      }
      if (column !== undefined && values.length < 2) cells.push([column, values[0]]);
      else if (column === undefined && beside !== undefined) rows.push([name, values]);
      else if (column === undefined)
        throw new ExportFailure('schema-violation', `${columns.table} has no column "${name}"`);
      else
        throw new ExportFailure(
          'schema-violation',
          `"${name}" has ${values.length} values, its column in ${columns.table} takes one`,
        );
    }
    return { cells, values: rows };
  }

  #anchorCells(anchor: readonly string[]): readonly Cell[] {
    const { agent, columns } = this.#parts;
    return agent.anchor.map((name, index) => [columns.spell(name), anchor[index]]);
  }

  async #writeValues(
    anchor: readonly string[],
    values: Placed['values'],
    signal: AbortSignal,
  ): Promise<void> {
    const { agent, beside, connection, dialect } = this.#parts;
    const { multivalue } = agent;
    if (beside === undefined || multivalue === undefined) return;
    const attribute = beside.quote(multivalue.attributeColumn);
    for (const [name, all] of values) {
      const where = `${beside.match(agent.anchor)} AND ${attribute} = ${dialect.placeholder(anchor.length)}`;
      await connection.run(
        { text: `DELETE FROM ${beside.table} WHERE ${where}`, values: [...anchor, name] },
        signal,
      );
      for (const value of all) {
        const cells: readonly Cell[] = [
          ...agent.anchor.map((column, index): Cell => [beside.spell(column), anchor[index]]),
          [multivalue.attributeColumn, name],
          [multivalue.valueColumn, value],
        ];
        await this.#run(`INSERT INTO ${beside.table} (${names(cells, beside)})`, cells, 'VALUES', signal);
      }
    }
  }

  async #moveValues(
    anchor: readonly string[],
    newAnchor: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const { agent, beside, connection, dialect } = this.#parts;
    if (beside === undefined) return;
    const sets = agent.anchor.map((name, index) => `${beside.quote(name)} = ${dialect.placeholder(index)}`);
    const where = beside.match(agent.anchor, newAnchor.length);
    const text = `UPDATE ${beside.table} SET ${sets.join(', ')} WHERE ${where}`;
    await connection.run({ text, values: [...newAnchor, ...anchor] }, signal);
  }

  async #run(head: string, cells: readonly Cell[], word: string, signal: AbortSignal): Promise<void> {
    const { connection, dialect } = this.#parts;
    const bound: string[] = [];
    const places = cells.map(([, value]) => {
      if (value === undefined) return 'NULL';
      bound.push(value);
      return dialect.placeholder(bound.length - 1);
    });
    await connection.run({ text: `${head} ${word} (${places.join(', ')})`, values: bound }, signal);
  }

  /** Runs a change of one row; the transaction is undone where it met none or several. */
  async #hitOne(
    text: string,
    values: readonly string[],
    anchor: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const { affected } = await this.#parts.connection.run({ text, values }, signal);
    if (affected === 1 || affected === undefined) return;
    const { table } = this.#parts.columns;
    const who = `"${anchor.join('+')}"`;
    if (affected === 0) throw new ExportFailure('cd-missing-object', `${table} has no row ${who}`);
    throw new ExportFailure(
      'ambiguous-update',
      `${table} has ${affected} rows ${who}, so nothing was written: the anchor does not name one row`,
    );
  }
}

function names(cells: readonly Cell[], columns: TableColumns): string {
  return cells.map(([column]) => columns.quote(column)).join(', ');
}
