import { readFileSync } from 'node:fs';

import { ReplayError } from './replay-error.ts';

/** Throws `ReplayError` 10685. */
export function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ReplayError(10685, `${name} cannot be opened`, { cause });
  }
}
