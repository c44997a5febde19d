import { stripVTControlCharacters } from 'node:util';

export interface Column<R> {
  readonly title: string;
  readonly value: (row: R) => string | number | undefined;
  readonly align?: 'right';
}

const gap = '   ';

/** Aligned columns under capital titles; nothing is drawn, nothing is cut. No rows read as `None`. */
export function formatTable<R>(columns: readonly Column<R>[], rows: readonly R[]): string {
  if (rows.length === 0) return 'None';
  const lines = [
    columns.map(({ title }) => title.toUpperCase()),
    ...rows.map((row) => columns.map(({ value }) => inOneLine(String(value(row) ?? '-')))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => width(line[index] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, index) => {
          const fill = ' '.repeat((widths[index] ?? 0) - width(cell));
          return columns[index]?.align === 'right' ? fill + cell : cell + fill;
        })
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** A value of several lines must not break the columns. */
function inOneLine(cell: string): string {
  return cell.replaceAll(/\r?\n|\r/g, '\u21B5').replaceAll('\t', ' ');
}

/** Characters, as far as alignment needs them: colours are none. */
function width(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}
