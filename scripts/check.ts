/** `npm run check`: lint, types and the import table, side by side. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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

async function runTool(name: string, args: readonly string[]): Promise<boolean> {
  const tool = spawn(join(root, 'node_modules', '.bin', name), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [code] = await once(tool, 'close');
  return code === 0;
}

// One checker a project, several projects at a time: checkers of one project work out the same types again.
const spread = ['--checkers', '1', '--builders', String(availableParallelism())];
const tools = [runTool('biome', ['ci', '--colors=off']), runTool('tsc', ['-b', '--force', ...spread])];
const results = [checkImports(), ...(await Promise.all(tools))];
process.exitCode = results.every(Boolean) ? 0 : 1;
