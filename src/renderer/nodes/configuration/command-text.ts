import type { ValueChange } from '#shared/contract/configuration.ts';

import { quoteWord } from './quote-word.ts';

/** The command lines that make the same changes. */
export function commandText(changes: readonly ValueChange[]): string {
  if (changes.length === 0) return 'Nothing is changed yet';
  return changes
    .map(
      ({ path, value }) =>
        `carillon config set ${quoteWord(pathText(path))} ${quoteWord(JSON.stringify(value ?? null))}`,
    )
    .join('\n');
}

function pathText(path: ValueChange['path']): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}
