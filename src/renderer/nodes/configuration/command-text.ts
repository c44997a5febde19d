import type { ValueChange } from '#shared/contract/configuration.ts';

/** The command lines that make the same changes. */
export function commandText(changes: readonly ValueChange[]): string {
  if (changes.length === 0) return 'Nothing is changed yet';
  return changes
    .map(
      ({ path, value }) =>
        `carillon config set ${quote(pathText(path))} ${quote(JSON.stringify(value ?? null))}`,
    )
    .join('\n');
}

function pathText(path: ValueChange['path']): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w.,:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
