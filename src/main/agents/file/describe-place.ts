import type { Place } from './file-record.ts';

/** Where in a file something stands. */
export function describePlace(path: string, { line, column }: Place): string {
  return `${path}, line ${line}, column ${column}`;
}
