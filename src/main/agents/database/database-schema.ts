import type { FoundAttribute, FoundSchema } from '#identity/schema-source.ts';
import type { DatabaseAgent } from '#shared/model/agent.ts';

import type { OptionalCredentials } from '../password-links.ts';
import { RecordSchema } from '../record/record-schema.ts';
import { importFailureOf } from './database-failure.ts';
import { driverOf } from './driver-of.ts';
import type { SqlConnection, SqlRow } from './sql-driver.ts';
import { SqlError } from './sql-error.ts';
import { TableColumns } from './table-columns.ts';

/** Values of a column that are listed at most; more are no types. */
const mostTypes = 100;
const timeout = 30_000;

/** What a database says of itself: its tables and views, and the columns of the agent's. */
export class DatabaseSchema extends RecordSchema<DatabaseAgent> {
  readonly #credentials: OptionalCredentials;

  constructor(agent: DatabaseAgent, credentials: OptionalCredentials) {
    super(agent);
    this.#credentials = credentials;
  }

  override async readSchema(_: readonly string[], signal: AbortSignal): Promise<FoundSchema> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const driver = driverOf(this.agent);
    let connection: SqlConnection | undefined;
    try {
      using password = await this.#credentials(this.agent.id);
      connection = await driver.open(this.agent, password, limited);
      const listed = await connection.run({ text: driver.dialect.listTables, values: [] }, limited);
      const tables = listed.rows.map((row) => [...row.values()].map(textOf).filter(Boolean).join('.'));
      const table = await this.#columns(this.agent.table, connection, limited);
      if (table === undefined)
        return {
          objectTypes: [],
          attributes: [],
          tables,
          note: `There is no table or view "${this.agent.table}"`,
        };
      return {
        objectTypes: await this.#types(table, connection, limited),
        attributes: [
          ...table.names.map((name) => this.#toAttribute(name)),
          ...(await this.#multivalued(table, connection, limited)),
        ],
        tables,
      };
    } catch (error) {
      signal.throwIfAborted();
      throw importFailureOf(error, this.agent.name);
    } finally {
      await connection?.close();
    }
  }

  #toAttribute(name: string): FoundAttribute {
    const anchor = this.agent.anchor.some((one) => one.toLowerCase() === name.toLowerCase());
    return { name, multivalued: false, required: anchor, anchor, binary: false };
  }

  async #types(
    table: TableColumns,
    connection: SqlConnection,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { objectType, objectTypeColumn } = this.agent;
    if (objectTypeColumn === undefined) return [objectType];
    return await distinct(table, objectTypeColumn, connection, signal);
  }

  /** Attributes whose values stand in a table of their own. */
  async #multivalued(
    { names }: TableColumns,
    connection: SqlConnection,
    signal: AbortSignal,
  ): Promise<readonly FoundAttribute[]> {
    const { multivalue } = this.agent;
    const beside = multivalue && (await this.#columns(multivalue.table, connection, signal));
    if (multivalue === undefined || beside === undefined) return [];
    const found = await distinct(beside, multivalue.attributeColumn, connection, signal);
    const own = new Set(names.map((name) => name.toLowerCase()));
    return found
      .filter((name) => !own.has(name.toLowerCase()))
      .map((name) => ({ name, multivalued: true, required: false, anchor: false, binary: false }));
  }

  async #columns(
    name: string,
    connection: SqlConnection,
    signal: AbortSignal,
  ): Promise<TableColumns | undefined> {
    try {
      return await TableColumns.read(connection, driverOf(this.agent).dialect, name, signal);
    } catch (error) {
      if (error instanceof SqlError && error.kind === 'no-table') return undefined;
      throw error;
    }
  }
}

async function distinct(
  columns: TableColumns,
  column: string,
  connection: SqlConnection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const name = columns.quote(column);
  const text = `SELECT DISTINCT ${name} AS name FROM ${columns.table} WHERE ${name} IS NOT NULL ORDER BY 1`;
  const { rows } = await connection.run({ text, values: [] }, signal);
  return rows.slice(0, mostTypes).flatMap((row) => [...row.values()].map(textOf).filter(Boolean));
}

function textOf(value: SqlRow extends ReadonlyMap<string, infer V> ? V : never): string {
  return value === undefined ? '' : value instanceof Uint8Array ? Buffer.from(value).toString() : value;
}
