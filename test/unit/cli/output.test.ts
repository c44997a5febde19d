import { expect, test } from 'vitest';

import { formatTable } from '#cli/output/table.ts';
import { formatAge, formatDuration } from '#cli/output/time-words.ts';
import { visibleText } from '#cli/output/visible-text.ts';

test('columns line up whatever their content and colour', () => {
  const rows = [
    { name: 'Directory', count: 7 },
    { name: '\u001b[32mHR\u001b[39m', count: 12_000 },
    { name: 'Größe', count: undefined },
  ];
  const text = formatTable(
    [
      { title: 'name', value: ({ name }) => name },
      { title: 'count', value: ({ count }) => count, align: 'right' },
    ],
    rows,
  );
  expect(text.split('\n')).toEqual([
    'NAME        COUNT',
    'Directory       7',
    '\u001b[32mHR\u001b[39m          12000',
    'Größe           -',
  ]);
});

test('a value of several lines stays in its row', () => {
  const text = formatTable([{ title: 'note', value: ({ note }) => note }], [{ note: 'one\r\ntwo\tthree' }]);
  expect(text).toBe('NOTE\none\u21B5two three');
});

test('what a directory holds cannot steer the terminal', () => {
  const name = 'Ann\u001B[2J\u001B]0;title\u0007 \u009B1A\rBo\u001B[32mgreen\u001B[39m\r\n\tÄ';
  expect(visibleText(name)).toBe(
    'Ann\uFFFD[2J\uFFFD]0;title\uFFFD \uFFFD1A\uFFFDBo\u001B[32mgreen\u001B[39m\n\tÄ',
  );
});

test.each([
  [0, '0ms'],
  [480, '480ms'],
  [1000, '1s'],
  [61_000, '1m1s'],
  [3_600_000, '1h'],
  [187_200_000, '2d4h'],
])('%i milliseconds read %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test('a moment reads as ago or ahead', () => {
  expect([formatAge(1000, 4000), formatAge(9000, 4000), formatAge(undefined)]).toEqual([
    '3s ago',
    'in 5s',
    undefined,
  ]);
});
