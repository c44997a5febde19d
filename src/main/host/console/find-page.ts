import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';

/** Folder of the built page, beside the program that was built with it or below the source tree's `out`. */
export function findPage(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    // The page's source has an index.html too, and no assets.
    for (const candidate of [join(folder, 'renderer'), join(folder, 'out', 'renderer')])
      if (existsSync(join(candidate, 'index.html')) && existsSync(join(candidate, 'assets')))
        return candidate;
    if (folder === dirname(folder))
      throw new AppError('not_found', 'The page of the console is not built', {
        fix: 'Run "npm run build".',
      });
  }
}
