import { type Column, cellText } from './column.ts';

export type ExportFormat = 'csv' | 'txt' | 'json';

/** Rows as tab-separated text with headings, as Ctrl+C leaves them on the clipboard. */
export function rowsAsTsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const clean = (text: string) => text.replaceAll(/[\t\r\n]+/g, ' ');
  const lines = rows.map((row) => columns.map((column) => clean(cellText(column, row))).join('\t'));
  return [columns.map((column) => column.title).join('\t'), ...lines].join('\r\n');
}

/** RFC 4180; a leading `=`, `+`, `-` or `@` is quoted with an apostrophe, since spreadsheets run it as a formula. */
function rowsAsCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t]/.test(text) && !/^[+-]?\d/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = rows.map((row) => columns.map((column) => cell(cellText(column, row))).join(','));
  return `${[columns.map((column) => cell(column.title)).join(','), ...lines].join('\r\n')}\r\n`;
}

function rowsAsJson<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column.id, column.value(row) ?? null])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** The visible columns in their order, headings first, every row of the list. */
export function exportRows<Row>(
  format: ExportFormat,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): string {
  if (format === 'csv') return rowsAsCsv(columns, rows);
  if (format === 'json') return rowsAsJson(columns, rows);
  return `${rowsAsTsv(columns, rows)}\r\n`;
}
