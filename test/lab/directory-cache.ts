import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { requireCommand } from './run-command.ts';

const root = join(import.meta.dirname, '../../node_modules/.cache/carillon-lab');

/**
 * Copies a directory that is costly to make, making it only once per set of ingredients.
 * `build` gets an empty directory; what it writes must not hold its own path.
 */
export async function copyCached(
  ingredients: readonly string[],
  target: string,
  build: (directory: string) => Promise<void>,
): Promise<void> {
  const key = createHash('sha256').update(JSON.stringify(ingredients)).digest('hex').slice(0, 24);
  const kept = join(root, key);
  if (!existsSync(kept)) {
    const fresh = join(root, `.${randomUUID()}`);
    mkdirSync(fresh, { recursive: true });
    try {
      await build(fresh);
      renameSync(fresh, kept);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      // Two labs may make the same one at once; either is good.
      if (!existsSync(kept)) throw error;
    }
  }
  // cp, since node copies neither extended attributes (sysvol has access lists in them) nor owners.
  await requireCommand('cp', ['-a', '--reflink=auto', '--sparse=always', kept, target]);
}
