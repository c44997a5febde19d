import { ExportFailure } from '#identity/export-target.ts';
import type { Attributes } from '#identity/import-source.ts';
import type { FileAgent } from '#shared/model/agent.ts';

import { importedNames } from '../imported-names.ts';
import { writeLine } from './write-line.ts';

export type RecordChange = 'add' | 'modify' | 'delete';
export type RecordFileAgent = Extract<FileAgent, { kind: 'delimited' | 'fixed-width' | 'attribute-value' }>;

/** Column that says what a record of an export is. */
export const changeColumn = 'changetype';

/** How the records of one kind of file are written. */
export interface RecordWriter {
  readonly header: string;
  /** Whether the records mean something under this header only. */
  readonly isHeaderFixed: boolean;
  /** One record. Throws `ExportFailure` for values that this kind cannot hold. */
  readonly write: (change: RecordChange, values: Attributes) => string;
}

export function recordWriterOf(agent: RecordFileAgent): RecordWriter {
  switch (agent.kind) {
    case 'delimited':
      return delimitedWriter(agent);
    case 'fixed-width':
      return fixedWidthWriter(agent);
    case 'attribute-value':
      return {
        header: '',
        isHeaderFixed: false,
        write: (change, values) => `${[`${changeColumn}: ${change}`, ...linesOf(values)].join('\n')}\n\n`,
      };
  }
}

function linesOf(values: Attributes): readonly string[] {
  return Object.entries(values).flatMap(([name, found]) => found.map((value) => writeLine(name, value)));
}

function delimitedWriter(agent: Extract<RecordFileAgent, { kind: 'delimited' }>): RecordWriter {
  const { delimiter, quote, header, multivalue } = agent.layout;
  const columns = columnsOf(agent);
  const special = new Set([delimiter, '\n', '\r', ...(quote === '' ? [] : [quote])]);
  const quoted = (value: string): string => {
    if (![...value].some((character) => special.has(character))) return value;
    if (quote === '')
      throw new ExportFailure('syntax-violation', `"${value}" needs quotes, which the layout has not`);
    return `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
  };
  const join = (column: string, values: readonly string[]): string => {
    const { separator } = multivalue.find((rule) => isSame(rule.column, column)) ?? {};
    if (values.length > 1 && separator === undefined) throw severalValues(column);
    const double = separator === undefined ? undefined : values.find((value) => value.includes(separator));
    if (double === undefined) return values.join(separator ?? '');
    throw new ExportFailure(
      'syntax-violation',
      `"${double}" holds what stands between the values of "${column}"`,
    );
  };
  const line = (values: readonly string[]): string => `${values.map(quoted).join(delimiter)}\n`;
  return {
    header: header ? line(columns) : '',
    isHeaderFixed: header,
    write: (change, values) => {
      const place = placer(columns, values);
      return line(
        columns.map((column) => (isSame(column, changeColumn) ? change : join(column, place(column)))),
      );
    },
  };
}

/** The layout's own columns, or what the rules know; the one that tells the change is the first where it has no place. */
function columnsOf(agent: Extract<RecordFileAgent, { kind: 'delimited' }>): readonly string[] {
  const { anchor, objectTypeColumn, layout } = agent;
  const type = objectTypeColumn === undefined ? [] : [objectTypeColumn];
  const known =
    layout.columns.length > 0 ? layout.columns : [...anchor, ...type, ...importedNames(agent).values()];
  const columns = known.filter((name, index) => known.findIndex((one) => isSame(one, name)) === index);
  return columns.some((name) => isSame(name, changeColumn)) ? columns : [changeColumn, ...columns];
}

function fixedWidthWriter({ layout }: Extract<RecordFileAgent, { kind: 'fixed-width' }>): RecordWriter {
  const columns = layout.columns.map(({ name }) => name);
  const length = Math.max(...layout.columns.map(({ start, width }) => start - 1 + width));
  const tellsChange = columns.some((name) => isSame(name, changeColumn));
  return {
    header: '\n'.repeat(layout.skipLines),
    isHeaderFixed: false,
    write: (change, values) => {
      if (change === 'delete' && !tellsChange)
        throw new ExportFailure(
          'no-export-to-this-object-type',
          `The layout has no column "${changeColumn}", so a deletion cannot be told`,
        );
      const place = placer(columns, values);
      const characters = Array.from({ length }, () => ' ');
      for (const { name, start, width } of layout.columns) {
        const found = isSame(name, changeColumn) ? [change] : place(name);
        if (found.length > 1) throw severalValues(name);
        const [value = ''] = found;
        if (value.length > width)
          throw new ExportFailure(
            'insufficient-field-width',
            `"${value}" is longer than the column "${name}"`,
          );
        if (value.trim() !== value || /[\r\n]/.test(value))
          throw new ExportFailure('syntax-violation', `"${value}" cannot stand in the column "${name}"`);
        for (let index = 0; index < value.length; index += 1)
          characters[start - 1 + index] = value.charAt(index);
      }
      return `${characters.join('').trimEnd()}\n`;
    },
  };
}

/** Finds the values of a column. Throws `ExportFailure` where there are values without a column. */
function placer(columns: readonly string[], values: Attributes): (column: string) => readonly string[] {
  const folded = new Map(Object.entries(values).map(([name, found]) => [name.toLowerCase(), found]));
  for (const name of Object.keys(values))
    if (!columns.some((column) => isSame(column, name)))
      throw new ExportFailure('insufficient-columns', `The layout has no column "${name}"`);
  return (column) => folded.get(column.toLowerCase()) ?? [];
}

function severalValues(column: string): ExportFailure {
  return new ExportFailure('constraint-violation', `The column "${column}" holds one value`);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
