import type { Column } from './column.ts';
import { columnWidth, type ListLayout } from './list-layout.ts';

/** No column of text is made narrower to make room, pixels. */
const narrowest = 80;
/** Nor the name, by which rows are told apart. */
const narrowestName = 140;

/**
 * Width of each shown column, pixels: the widest text takes what is left of `room`; where there is too little the widest
 * texts give way first, and the name only after them. Columns that somebody has sized stay so; what then does not fit
 * is scrolled. Where not even the narrowest fit, all have their own width: cutting them would spare nobody the scrolling.
 */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  layout: ListLayout,
  room: number,
): readonly number[] {
  const widths = columns.map((column) => columnWidth(column, layout));
  const texts = columns.flatMap(({ id, kind = 'text' }, place) =>
    kind === 'text' && layout.widths[id] === undefined ? [place] : [],
  );
  const others = texts.filter((place) => place > 0);
  const spare = room - sum(widths);
  if (room <= 0 || spare === 0 || texts.length === 0) return widths;
  if (spare < 0) {
    if (sum(columns.map(leastWidth)) > room) return widths;
    const narrower = giveWay(widths, others, room, narrowest);
    return texts[0] === 0 ? giveWay(narrower, [0], room, narrowestName) : narrower;
  }
  const widest = others.reduce<number | undefined>(
    (found, place) => (found === undefined || (widths[place] ?? 0) > (widths[found] ?? 0) ? place : found),
    undefined,
  );
  return widths.map((width, place) => (place === widest ? width + spare : width));
}

/** Those at `places` made narrower until all fit: none wider than a bound that is as high as it can be. */
function giveWay(
  widths: readonly number[],
  places: readonly number[],
  room: number,
  floor: number,
): readonly number[] {
  let left = room - sum(widths.filter((_, place) => !places.includes(place)));
  let bound = Number.POSITIVE_INFINITY;
  const rising = places.map((place) => widths[place] ?? 0).toSorted((one, other) => one - other);
  for (const [index, width] of rising.entries()) {
    const share = left / (rising.length - index);
    if (width > share) {
      bound = Math.max(floor, Math.floor(share));
      break;
    }
    left -= width;
  }
  return widths.map((width, place) => (places.includes(place) ? Math.min(width, bound) : width));
}

/** Of a column that nobody has sized. */
function leastWidth<Row>({ width, kind = 'text' }: Column<Row>, place: number): number {
  return kind === 'text' ? Math.min(width, place === 0 ? narrowestName : narrowest) : width;
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
