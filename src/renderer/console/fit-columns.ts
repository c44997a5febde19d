import type { Column } from './column.ts';
import { columnWidth, type ListLayout } from './list-layout.ts';

/** What a column of text keeps of its width where the window is narrow. */
const keptShare = 0.6;

/**
 * Width of each shown column, pixels: the widest text takes what is left of `room`, and where there is too little all
 * texts give way together. Columns that somebody has sized stay so; what then does not fit is scrolled.
 */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  layout: ListLayout,
  room: number,
): readonly number[] {
  const widths = columns.map((column) => columnWidth(column, layout));
  const isFlexible = ({ id, kind = 'text' }: Column<Row>): boolean =>
    kind === 'text' && layout.widths[id] === undefined;
  const flexible = widths.map((width, place) => {
    const column = columns[place];
    return column !== undefined && isFlexible(column) ? width : 0;
  });
  const spare = room - widths.reduce((sum, width) => sum + width, 0);
  const widest = Math.max(...flexible);
  if (room <= 0 || widest <= 0 || spare === 0) return widths;
  if (spare > 0) {
    const place = flexible.indexOf(widest);
    return widths.map((width, index) => (index === place ? width + spare : width));
  }
  const most = flexible.reduce((sum, width) => sum + width * (1 - keptShare), 0);
  const share = Math.min(1, -spare / most) * (1 - keptShare);
  return widths.map((width, index) => Math.floor(width - (flexible[index] ?? 0) * share));
}
