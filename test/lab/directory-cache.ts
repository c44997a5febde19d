import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { requireCommand } from './run-command.ts';

const root = join(import.meta.dirname, '../../node_modules/.cache/carillon-lab');

/** Copies a folder with cp, since node copies neither owners nor extended attributes (sysvol keeps access lists there). */
async function copyDirectory(from: string, to: string): Promise<void> {
  await requireCommand('cp', ['-a', '--reflink=auto', '--sparse=always', from, to]);
}

/**
 * Fills a new directory with what is costly to make, making it only once per set of ingredients.
 * What `build` leaves there must work from any path, apart from files that are written anew each time.
 */
export async function fillDirectory(
  target: string,
  ingredients: readonly string[],
  build: () => Promise<void>,
): Promise<void> {
  const key = createHash('sha256').update(JSON.stringify(ingredients)).digest('hex').slice(0, 24);
  const kept = join(root, key);
  if (existsSync(kept)) {
    await copyDirectory(kept, target);
    return;
  }
  mkdirSync(target, { recursive: true });
  await build();
  mkdirSync(root, { recursive: true });
  const copy = join(root, `.${randomUUID()}`);
  await copyDirectory(target, copy);
  try {
    renameSync(copy, kept);
  } catch (error) {
    rmSync(copy, { recursive: true });
    // Two labs may have made the same one at once; either is good.
    if (!existsSync(kept)) throw error;
  }
}
