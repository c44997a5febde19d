/**
 * `npm test`: check, unit tests, and integration tests against real servers in a network of their own.
 * Arguments go to Vitest; with any, only that part runs and the check is left out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { enterNamespace } from '../test/lab/namespace.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);

const summarySchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
});

/** Whether the arguments leave only tests that need no servers. */
function isUnitOnly(): boolean {
  const projects = args.flatMap((arg, index) =>
    arg === '--project' ? [args[index + 1]] : arg.startsWith('--project=') ? [arg.slice(10)] : [],
  );
  const files = args.filter((arg) => arg.includes('test/'));
  return (
    (projects.length > 0 && projects.every((name) => name === 'unit')) ||
    (files.length > 0 && files.every((file) => file.includes('test/unit')))
  );
}

/** Enters the lab's network; returns why that is not possible here, if it is not. */
async function tryEnterLab(): Promise<string | undefined> {
  try {
    ensureSystemPackages();
    await enterNamespace('test');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function runCheck(): boolean {
  const script = join(root, 'scripts/check.ts');
  if (args.length > 0 || !existsSync(script)) return true;
  return spawnSync(process.execPath, [script], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** Runs Vitest to its end and counts. */
async function runVitest(
  extra: readonly string[],
): Promise<{ code: number; passed: number; failed: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-vitest-'));
  const report = join(directory, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...extra, ...args],
      { cwd: root, stdio: 'inherit' },
    );
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
    const code = await new Promise<number>((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
    if (!existsSync(report)) return { code, passed: 0, failed: code === 0 ? 0 : 1 };
    const summary = summarySchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    // A file that cannot be loaded fails without a failed test in it.
    const failed = Math.max(summary.numFailedTests, code === 0 ? 0 : 1);
    return { code, passed: summary.numPassedTests, failed };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const obstacle = isUnitOnly() ? undefined : await tryEnterLab();
const isChecked = runCheck();
const { code, passed, failed } = await runVitest(obstacle === undefined ? [] : ['--project', 'unit']);
if (obstacle !== undefined) console.error(`The integration tests did not run. ${obstacle}`);
if (!isChecked) console.error('The check failed; what it found stands at the top.');
console.log(`${passed} passed, ${failed + (isChecked ? 0 : 1) + (obstacle === undefined ? 0 : 1)} failed`);
process.exitCode = code !== 0 ? code : isChecked && obstacle === undefined ? 0 : 1;
