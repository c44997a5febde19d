import type { ReactNode } from 'react';

/** What a cell sorts, filters, copies and exports by. */
export type CellValue = string | number | boolean | undefined;

/** One column of a result list. The first column is the name and cannot be hidden. */
export interface Column<Row> {
  readonly id: string;
  /** A noun of at most three words. */
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly kind?: 'text' | 'number' | 'time';
  /** Left out of the usual columns where they do not fit into the window, the last such one first. */
  readonly spare?: boolean;
  /** Left out until chosen in Add/Remove Columns. */
  readonly hidden?: boolean;
  value(row: Row): CellValue;
  /** What stands in the cell, and in copied and exported lists; from `value` where absent. */
  text?(row: Row): string;
  /** What is drawn, where it is more than text; its words must equal `text`. */
  render?(row: Row): ReactNode;
}

/** Made when the first list needs them: loading a language's rules takes longer than drawing the tree. */
const moments = once(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' }));
const numbers = once(() => new Intl.NumberFormat());
const collator = once(() => new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }));

/** Makes what cells are written with before it is needed. */
export function loadFormats(): void {
  moments().format(0);
  numbers().format(0);
}

/** A number as the user's language writes it. */
export function numberText(value: number): string {
  return numbers().format(value);
}

export function cellText<Row>(column: Column<Row>, row: Row): string {
  if (column.text !== undefined) return column.text(row);
  const value = column.value(row);
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (column.kind === 'time' && typeof value === 'number') return moments().format(value);
  return typeof value === 'number' ? numberText(value) : value;
}

/** Absent values come last in either direction. */
export function compareCells(a: CellValue, b: CellValue): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  if (typeof a === 'string' && typeof b === 'string') return collator().compare(a, b);
  return Number(a) - Number(b);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
