/**
 * Rows that one statement inserts. A row's share of a statement's own cost is then small; the sizes are few, because
 * each is a statement that stays prepared.
 */
const sizes = [64, 8, 1];

/** Cuts rows into as many as one statement takes. */
export function batchesOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const batches: (readonly T[])[] = [];
  let start = 0;
  for (const size of sizes)
    for (; rows.length - start >= size; start += size) batches.push(rows.slice(start, start + size));
  return batches;
}
