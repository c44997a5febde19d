import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { requireCommand } from '#lab/run-command.ts';

import type { BacklogReport } from './backlog-main.ts';

/** A queue of 100,000 changes of as many people, in a process of its own. */
export async function measureBacklog(parent: string, say: (line: string) => void) {
  const directory = join(parent, 'backlog');
  mkdirSync(directory, { mode: 0o700 });
  // Compiled code, as the installed product has it: taking types out of sources costs memory of its own.
  const env = { NODE_COMPILE_CACHE: join(directory, 'compiled') };
  const product = join(import.meta.dirname, 'bench-product.ts');
  await requireCommand(process.execPath, [product], { env });
  const main = join(import.meta.dirname, 'backlog-main.ts');
  const { stdout, stderr } = await requireCommand(process.execPath, [main, directory], {
    timeout: 900_000,
    env,
  });
  say(stderr.trim());
  return JSON.parse(stdout) as BacklogReport;
}
