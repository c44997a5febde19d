/**
 * `npm run bench -- <name>`: runs test/bench/<name>.ts in a network of its own; its one JSON document goes to standard
 * output. Without a name, says what there is and runs all of it, one after the other, into one document.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { enterNamespace } from '../test/lab/namespace.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const folder = join(import.meta.dirname, '../test/bench');
const known = globSync('*.ts', { cwd: folder })
  .map((found) => found.slice(0, -3))
  .sort();
const [name] = process.argv.slice(2);

/** The first sentence of the comment that a bench begins with. */
function describe(bench: string): string {
  const [, comment = ''] =
    /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(folder, `${bench}.ts`), 'utf8')) ?? [];
  const words = comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim();
  return words.split(/[;:.](?:\s|$)/)[0] ?? '';
}

function list(): void {
  const width = Math.max(...known.map((bench) => bench.length));
  for (const bench of known) console.error(`  ${bench.padEnd(width)}  ${describe(bench)}`);
}

/** One bench in a process of its own; nothing of one is in the memory of the next. */
async function runOne(bench: string): Promise<unknown> {
  const child = spawn(process.execPath, [import.meta.filename, bench], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`The bench ${bench} ended with ${code}`);
  return JSON.parse(output);
}

if (name === undefined) {
  console.error('npm run bench -- <name> runs one of these; without a name all of them run now:');
  list();
  const results: Record<string, unknown> = {};
  for (const bench of known) {
    console.error(`\n${bench}`);
    try {
      results[bench] = await runOne(bench);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  }
  console.log(JSON.stringify(results, undefined, 2));
} else if (known.includes(name)) {
  const file = join(folder, `${name}.ts`);
  ensureSystemPackages();
  await enterNamespace('bench');
  // The bench sees its own arguments only.
  process.argv.splice(1, 2, file);
  await import(file);
} else {
  console.error(`There is no bench "${name}". npm run bench -- <name>, with one of:`);
  list();
  process.exitCode = 1;
}
