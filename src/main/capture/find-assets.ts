import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

/** A folder of `assets`, from the source tree or from what was built out of it. */
export function findAssets(name: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'assets', name);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new AppError('not_found', `assets/${name} is not part of this installation`);
  }
}
