import type { SqlConnection, SqlDialect, SqlValue } from './sql-driver.ts';
import { SqlError } from './sql-error.ts';

/** The columns of a table or view in their own spelling, asked of the database itself. */
export class TableColumns {
  readonly table: string;
  readonly names: readonly string[];
  readonly #dialect: SqlDialect;
  readonly #known: ReadonlyMap<string, string>;

  private constructor(table: string, names: readonly string[], dialect: SqlDialect) {
    this.table = table;
    this.names = names;
    this.#dialect = dialect;
    this.#known = new Map(names.map((name) => [name.toLowerCase(), name]));
  }

  static async read(
    connection: SqlConnection,
    dialect: SqlDialect,
    table: string,
    signal: AbortSignal,
  ): Promise<TableColumns> {
    const text = `SELECT * FROM ${table} WHERE 1 = 0`;
    const { columns } = await connection.run({ text, values: [] }, signal);
    return new TableColumns(table, columns, dialect);
  }

  /** The column's own spelling; undefined where there is none of the name. */
  find(name: string): string | undefined {
    return this.#known.get(name.toLowerCase());
  }

  /** The column's own spelling. Throws `SqlError` `no-column`. */
  spell(name: string): string {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw new SqlError('no-column', `"${this.table}" has no column "${name}"`);
  }

  quote(name: string): string {
    return this.#dialect.quote(this.spell(name));
  }

  /** `SELECT` of columns from the table. */
  select(columns: readonly string[]): string {
    return `SELECT ${columns.map((name) => this.quote(name)).join(', ')} FROM ${this.table}`;
  }

  /** `column = placeholder` for each column of an anchor. */
  match(columns: readonly string[], first = 0): string {
    return columns
      .map((name, index) => `${this.quote(name)} = ${this.#dialect.placeholder(first + index)}`)
      .join(' AND ');
  }

  /** A condition that any of several anchors fulfils. */
  matchAny(columns: readonly string[], anchors: readonly (readonly SqlValue[])[]): string {
    return anchors.map((_, index) => `(${this.match(columns, index * columns.length)})`).join(' OR ');
  }
}
