import { type CellValue, type Column, cellText, compareCells } from './column.ts';

/** How one node's list is arranged; kept per node and user. */
export interface ListLayout {
  /** Ids of the shown columns, in order. */
  readonly columns: readonly string[];
  readonly widths: Readonly<Record<string, number>>;
  readonly sort: { readonly column: string; readonly descending: boolean } | undefined;
}

export const narrowestColumn = 40;

/** The usual columns, as many of them as fit into `room`, pixels. */
export function defaultLayout<Row>(
  columns: readonly Column<Row>[],
  room = Number.POSITIVE_INFINITY,
): ListLayout {
  const shown = columns.filter((column) => column.hidden !== true);
  const total = (): number => shown.reduce((sum, { width }) => sum + width, 0);
  while (total() > room) {
    const last = shown.findLastIndex(({ spare }) => spare === true);
    if (last === -1) break;
    shown.splice(last, 1);
  }
  return { columns: shown.map((column) => column.id), widths: {}, sort: undefined };
}

/** The columns to show; ids that a newer version no longer has are passed over, the name column always leads. */
export function shownColumns<Row>(
  columns: readonly Column<Row>[],
  layout: ListLayout,
): readonly Column<Row>[] {
  const [name] = columns;
  const chosen = layout.columns.flatMap((id) => columns.filter((column) => column.id === id));
  return name === undefined || chosen.includes(name) ? chosen : [name, ...chosen];
}

export function columnWidth<Row>(column: Column<Row>, layout: ListLayout): number {
  return Math.max(narrowestColumn, layout.widths[column.id] ?? column.width);
}

/** The layout with column `id` in front of the one that is now at `place` of `shown`; the name column keeps the lead. */
export function moveColumn(
  layout: ListLayout,
  shown: readonly { readonly id: string }[],
  id: string,
  place: number,
): ListLayout {
  const ids = shown.map((column) => column.id);
  const from = ids.indexOf(id);
  const to = Math.max(1, Math.min(place, ids.length));
  if (from < 1 || to === from || to === from + 1) return layout;
  const others = ids.filter((other) => other !== id);
  const at = to > from ? to - 1 : to;
  return { ...layout, columns: [...others.slice(0, at), id, ...others.slice(at)] };
}

/** First click sorts ascending, the second descending; the earlier order breaks ties, since the sort is stable. */
export function nextSort(layout: ListLayout, column: string): ListLayout {
  const descending = layout.sort?.column === column && !layout.sort.descending;
  return { ...layout, sort: { column, descending } };
}

export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  layout: ListLayout,
): readonly Row[] {
  const column = columns.find(({ id }) => id === layout.sort?.column);
  if (column === undefined) return rows;
  const sign = layout.sort?.descending ? -1 : 1;
  const keyed = rows.map((row): { readonly row: Row; readonly key: CellValue } => ({
    row,
    key: column.value(row),
  }));
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) return compareCells(a.key, b.key);
    return sign * compareCells(a.key, b.key);
  });
  return keyed.map(({ row }) => row);
}

/** Rows of which some shown cell contains every word of `filter`, without regard to case. */
export function filterRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
): readonly Row[] {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const texts = textsOf(columns);
  return rows.filter((row) => {
    const text = texts(row);
    return words.every((word) => text.includes(word));
  });
}

/** Words of rows by the columns that they are made of: dates are slow to write, and each letter asks for all of them. */
const kept = new WeakMap<readonly Column<never>[], WeakMap<object, string>>();

function textsOf<Row>(columns: readonly Column<Row>[]): (row: Row) => string {
  const known = kept.get(columns) ?? new WeakMap<object, string>();
  kept.set(columns, known);
  const write = (row: Row): string =>
    columns
      .map((column) => cellText(column, row))
      .join('\n')
      .toLocaleLowerCase();
  return (row) => {
    if (typeof row !== 'object' || row === null) return write(row);
    const found = known.get(row) ?? write(row);
    known.set(row, found);
    return found;
  };
}
