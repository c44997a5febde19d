import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { createBuilder } from 'vite';

const root = join(import.meta.dirname, '..');
const page = join(root, 'out/renderer');

/** Everything that ends up in the page. */
const sources = [
  'src/renderer/**/*',
  'src/shared/**/*.ts',
  'docs/**/*',
  'vite.config.ts',
  'package-lock.json',
];

function isCurrent(): boolean {
  const built = statSync(join(page, 'index.html'), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  return globSync(sources, { cwd: root }).every((file) => statSync(join(root, file)).mtimeMs <= built);
}

/** Builds the console's page where it is missing or older than its source; returns its folder. */
export async function buildPage(): Promise<string> {
  if (isCurrent()) return page;
  const { NODE_ENV: before } = process.env;
  // Vite takes over what it finds: under a test runner it would build React for development.
  process.env['NODE_ENV'] = 'production';
  try {
    const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
    const { client } = builder.environments;
    if (client === undefined) throw new Error('vite.config.ts has no page');
    await builder.build(client);
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  return page;
}
