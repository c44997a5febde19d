import type { Mistake } from '#shared/contract/configuration.ts';

import type { Paint } from './paint.ts';

/** Mistakes as an editor's problem list has them: place, fact, allowed values, fix. */
export function formatMistakes(file: string, mistakes: readonly Mistake[], paint: Paint): string {
  return mistakes
    .map(({ severity, path, line, column, message, found, allowed, fix }) =>
      [
        `${file}:${line ?? 1}:${column ?? 1}: ${paint(severity === 'error' ? 'red' : 'yellow', severity)} ${paint('bold', path)}`,
        `  ${message}${found === undefined ? '' : `: ${found}`}`,
        ...(allowed === undefined ? [] : [`  allowed: ${allowed}`]),
        `  ${fix}`,
      ].join('\n'),
    )
    .join('\n');
}
