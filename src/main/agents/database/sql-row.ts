import type { SqlRow } from './sql-driver.ts';

/** A row of what a driver gives for each column, whatever the driver makes of the database's types. */
export function rowOf(cells: readonly (readonly [column: string, value: unknown])[]): SqlRow {
  return new Map(cells.map(([column, value]) => [column, toValue(value)]));
}

/** The same where the columns are known and the values come in their order. */
export function rowOfColumns(columns: readonly string[], values: readonly unknown[]): SqlRow {
  return new Map(columns.map((column, index) => [column, toValue(values[index])]));
}

function toValue(value: unknown): string | Uint8Array | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Uint8Array) return value;
  // Without a zone, as databases write their own times.
  return value instanceof Date ? value.toISOString().replace('Z', '') : String(value);
}
