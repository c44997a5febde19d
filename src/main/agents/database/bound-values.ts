import type { SqlValue } from './sql-driver.ts';

/** Values for a driver that takes bytes as they are: the password never becomes a string. */
export function boundValues(values: readonly SqlValue[]): (string | Buffer)[] {
  return values.map((value) => (typeof value === 'string' ? value : Buffer.from(value.buffer)));
}
