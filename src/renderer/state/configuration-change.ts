import type { ValueChange } from '#shared/contract/configuration.ts';

export type ValuePath = readonly (string | number)[];

type Bag = Readonly<Record<string | number, unknown>>;

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null;
}

export function valueAt(whole: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((value, key) => (isBag(value) ? value[key] : undefined), whole);
}

/** A copy of `whole` with another value at `path`. */
export function withValueAt(whole: unknown, path: ValuePath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = withValueAt(isBag(whole) ? whole[key] : undefined, rest, value);
  if (Array.isArray(whole) || (whole === undefined && typeof key === 'number')) {
    const copy: unknown[] = Array.isArray(whole) ? [...whole] : [];
    copy[Number(key)] = inner;
    return copy;
  }
  return { ...(isBag(whole) ? whole : {}), [key]: inner };
}

/** The smallest values that differ, so that what nobody touched is not written. Lists of another length count as one value. */
export function findChanges(before: unknown, after: unknown, path: ValuePath = []): readonly ValueChange[] {
  if (Object.is(before, after)) return [];
  const lists = Array.isArray(before) && Array.isArray(after);
  const alike = lists ? before.length === after.length : !Array.isArray(before) && !Array.isArray(after);
  if (!isBag(before) || !isBag(after) || !alike) {
    if (after === undefined) return [{ path: [...path] }];
    return [{ path: [...path], value: after as ValueChange['value'] }];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const step = lists ? Number(key) : key;
    return findChanges(before[key], after[key], [...path, step]);
  });
}

/** Makes changes that were found against one value on another. */
export function applyChanges(whole: unknown, changes: readonly ValueChange[]): unknown {
  return changes.reduce((value, change) => withValueAt(value, change.path, change.value), whole);
}
