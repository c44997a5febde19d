import { valueAt, withValueAt } from '#state/configuration-change.ts';

import type { FieldForm, KindField } from './kind-fields.ts';

interface Column {
  readonly name: string;
  readonly start: number;
  readonly width: number;
}

/** What a person reads of a value. */
export function readField(whole: unknown, { path, form }: KindField): string {
  const value = valueAt(whole, path);
  if (value === undefined) return '';
  switch (form) {
    case 'list':
      return Array.isArray(value) ? value.join(', ') : '';
    case 'words':
      return Array.isArray(value) ? value.join(' ') : '';
    case 'pairs':
      return Object.entries(value as Record<string, string>)
        .map(([name, text]) => `${name}=${text}`)
        .join('; ');
    case 'columns':
      return (value as Column[]).map(({ name, start, width }) => `${name} ${start} ${width}`).join(', ');
    case 'text':
    case 'number':
      return String(value);
  }
}

/** A copy of `whole` with what a person typed; an empty text takes the value away. */
export function writeField<T>(whole: T, field: KindField, text: string): T {
  const value = text.trim() === '' ? undefined : parse(field.form, text);
  const written = withValueAt(whole, field.path, value) as T;
  // A database's statements belong to a method.
  if (field.path[0] !== 'passwordMethod') return written;
  const method = valueAt(written, ['passwordMethod']) as Record<string, unknown>;
  const isEmpty = ['set', 'change', 'verify'].every((key) => method[key] === undefined);
  const named = isEmpty ? undefined : { ...method, method: 'statement' };
  return withValueAt(written, ['passwordMethod'], named) as T;
}

function parse(form: FieldForm, text: string): unknown {
  switch (form) {
    case 'list':
      return split(text, ',');
    case 'words':
      return split(text, ' ');
    case 'pairs':
      return Object.fromEntries(
        split(text, ';').map((pair) => {
          const equals = pair.indexOf('=');
          return equals === -1 ? [pair, ''] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
        }),
      );
    case 'columns':
      return split(text, ',').map((column) => {
        const [name = '', start, width] = split(column, ' ');
        return { name, start: Number(start), width: Number(width) };
      });
    case 'number':
      return Number(text);
    case 'text':
      return text;
  }
}

function split(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
