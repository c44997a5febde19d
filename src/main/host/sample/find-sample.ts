import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of `samples`, from the source tree or from an installation; undefined where it was left out. */
export function findSample(name: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'samples', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}
