/** `npm run check`: lint, types and the import table, each on its own line, in well under half a minute. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findImportViolations, readImportTable } from './import-table.ts';

const root = join(import.meta.dirname, '..');

function checkImports(): boolean {
  const table = readImportTable(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  const files = globSync('**/*.{ts,tsx}', { cwd: join(root, 'src') }).filter(
    (file) => !file.endsWith('.d.ts'),
  );
  const violations = files.flatMap((file) =>
    findImportViolations(table, file.replaceAll('\\', '/'), readFileSync(join(root, 'src', file), 'utf8')),
  );
  for (const { file, line, message } of violations) console.log(`src/${file}:${line} ${message}`);
  console.log(`Checked the imports of ${files.length} files. ${violations.length} violations.`);
  return files.length > 0 && violations.length === 0;
}

function runTool(name: string, args: readonly string[]): boolean {
  const done = spawnSync(join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return done.status === 0;
}

const results = [runTool('biome', ['ci', '--colors=off']), runTool('tsc', ['-b', '--force']), checkImports()];
process.exitCode = results.every(Boolean) ? 0 : 1;
