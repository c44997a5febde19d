import type { JsonPath } from './json-text.ts';

interface ValueEdit {
  readonly path: JsonPath;
  /** Absent where the value goes. */
  readonly value?: unknown;
}

/** The fewest edits that turn one JSON value into another. A list of another length counts as one value. */
export function changesBetween(before: unknown, after: unknown, path: JsonPath = []): readonly ValueEdit[] {
  if (Object.is(before, after)) return [];
  const lists = Array.isArray(before) && Array.isArray(after);
  const alike = lists ? before.length === after.length : !Array.isArray(before) && !Array.isArray(after);
  if (!isBag(before) || !isBag(after) || !alike) return [{ path, value: after }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const inner = [...path, lists ? Number(key) : key];
    if (!Object.hasOwn(after, key)) return [{ path: inner }];
    return changesBetween(before[key], after[key], inner);
  });
}

function isBag(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
