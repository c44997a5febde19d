/** `npm run bench -- <name>`: runs test/bench/<name>.ts in a network of its own; its one JSON document goes to standard output. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

import { enterNamespace } from '../test/lab/namespace.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const folder = join(import.meta.dirname, '../test/bench');
const [name = ''] = process.argv.slice(2);
const file = join(folder, `${name}.ts`);
if (/^[a-z0-9-]+$/.test(name) && existsSync(file)) {
  ensureSystemPackages();
  await enterNamespace('bench');
  // The bench sees its own arguments only.
  process.argv.splice(1, 2, file);
  await import(file);
} else {
  const known = globSync('*.ts', { cwd: folder }).map((found) => found.slice(0, -3));
  console.error(`npm run bench -- <name>, with one of: ${known.sort().join(', ')}`);
  process.exitCode = 1;
}
