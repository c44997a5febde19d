import { join } from 'node:path';

import { boot } from './shell/boot.ts';

const out = join(import.meta.dirname, '..');

await boot({
  page: join(out, 'renderer'),
  preload: join(out, 'preload', 'index.cjs'),
  engine: join(import.meta.dirname, 'desktop-engine.js'),
});
