/** Rows that a value may have before a more selective condition is looked for; the last one takes any number. */
const probeSizes = [64, 4096, Number.MAX_SAFE_INTEGER];

/** One condition on a set of rows: any of `values` in one attribute. */
export interface Condition {
  readonly values: readonly string[];
  /** At most `limit` row numbers that have `value`. */
  readonly find: (value: string, limit: number) => readonly number[];
  readonly has: (value: string, id: number) => boolean;
}

/** Whether the row meets every condition. */
export function meetsAll(conditions: readonly Condition[], id: number): boolean {
  return conditions.every(({ values, has }) => values.some((value) => has(value, id)));
}

/**
 * Row numbers that meet every condition, at most `enough`. The most selective condition is looked up and the others
 * are checked row by row: "department and name" costs what the name costs, not a pass over the department for each
 * object.
 */
export function findByAll(conditions: readonly Condition[], enough: number): readonly number[] {
  const [only] = conditions;
  if (only === undefined || conditions.some(({ values }) => values.length === 0)) return [];
  if (conditions.length === 1) return [...lookUp(only, enough)];
  for (const size of probeSizes) {
    let best: { readonly condition: Condition; readonly ids: ReadonlySet<number> } | undefined;
    for (const condition of conditions) {
      const ids = lookUp(condition, size);
      if (ids.size === 0) return [];
      if (ids.size < (best?.ids.size ?? size)) best = { condition, ids };
    }
    if (best === undefined) continue;
    const { condition, ids } = best;
    const others = conditions.filter((other) => other !== condition);
    return takeFirst(ids, enough, (id) => meetsAll(others, id));
  }
  return [];
}

function lookUp({ values, find }: Condition, limit: number): ReadonlySet<number> {
  const ids = new Set<number>();
  for (const value of values) {
    for (const id of find(value, limit)) ids.add(id);
    if (ids.size >= limit) break;
  }
  return ids;
}

function takeFirst(
  ids: Iterable<number>,
  count: number,
  accepts: (id: number) => boolean,
): readonly number[] {
  const taken: number[] = [];
  for (const id of ids) {
    if (!accepts(id)) continue;
    taken.push(id);
    if (taken.length === count) break;
  }
  return taken;
}
