import { expect, test } from 'vitest';

import { type Condition, findByAll } from '#identity/find-by-all.ts';

let lookedUp = 0;

/** Rows 1 to `count` with `value(row)` in one attribute. */
function column(count: number, value: (row: number) => string, wanted: string): Condition {
  return {
    values: [wanted],
    find: (text, limit) => {
      const found: number[] = [];
      for (let row = 1; row <= count && found.length < limit; row += 1) {
        if (value(row) !== text) continue;
        found.push(row);
        lookedUp += 1;
      }
      return found;
    },
    has: (text, row) => value(row) === text,
  };
}

test('every condition has to be met', () => {
  const even = column(100, (row) => String(row % 2), '0');
  const third = column(100, (row) => String(row % 3), '0');
  expect(findByAll([even, third], 3)).toEqual([6, 12, 18]);
});

test('a broad condition is not read where another one is selective', () => {
  lookedUp = 0;
  const broad = column(100_000, () => 'sales', 'sales');
  const narrow = column(100_000, (row) => String(row), '77777');
  expect(findByAll([broad, narrow], 3)).toEqual([77_777]);
  expect(lookedUp).toBeLessThan(100);
});

test('two broad conditions are still answered', () => {
  const one = column(20_000, (row) => String(row % 2), '0');
  const other = column(20_000, (row) => (row > 19_990 ? 'x' : 'y'), 'y');
  expect(findByAll([one, other], 2)).toEqual([2, 4]);
});

test('a missing value finds nothing, and neither does no condition', () => {
  expect(findByAll([{ ...column(5, String, '1'), values: [] }], 3)).toEqual([]);
  expect(findByAll([], 3)).toEqual([]);
});
