/**
 * `npm test`: check, unit tests, then integration and end-to-end tests against real servers, in lanes side by side with
 * a network each: they wait for servers more than they compute.
 * Arguments go to Vitest; with any, only that part runs and the check is left out.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { eventCatalogue } from '../src/shared/events/find-event.ts';
import { raisedEventsVariable, readRaised } from '../test/helpers/raised-events.ts';
import { enterNamespace } from '../test/lab/namespace.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Set for one part of the whole: the file that takes its outcome. */
const outcomeVariable = 'CARILLON_TEST_OUTCOME';

const summarySchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
});
const outcomeSchema = z.object({ code: z.number(), passed: z.number(), failed: z.number() });
type Outcome = z.infer<typeof outcomeSchema>;

function namedProjects(): readonly (string | undefined)[] {
  return args.flatMap((arg, index) =>
    arg === '--project' ? [args[index + 1]] : arg.startsWith('--project=') ? [arg.slice(10)] : [],
  );
}

/** Whether the arguments leave only tests that need no servers. */
function isUnitOnly(): boolean {
  const projects = namedProjects();
  const files = args.filter((arg) => arg.includes('test/'));
  return (
    (projects.length > 0 && projects.every((name) => name === 'unit')) ||
    (files.length > 0 && files.every((file) => file.includes('test/unit')))
  );
}

/** Why there can be no lab here, if there cannot. */
async function findObstacle(prepare: () => unknown): Promise<string | undefined> {
  try {
    await prepare();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function runCheck(): boolean {
  const script = join(root, 'scripts/check.ts');
  return (
    !existsSync(script) || spawnSync(process.execPath, [script], { cwd: root, stdio: 'inherit' }).status === 0
  );
}

let isStopped = false;

async function waitFor(child: ChildProcess): Promise<number> {
  const stop = (): void => {
    isStopped = true;
    child.kill('SIGTERM');
  };
  for (const signal of stopSignals) process.on(signal, stop);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  for (const signal of stopSignals) process.off(signal, stop);
  return code;
}

/** Runs Vitest in this network to its end and counts. */
async function runVitest(extra: readonly string[]): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-vitest-'));
  const report = join(directory, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  try {
    const code = await waitFor(
      spawn(process.execPath, [vitest, 'run', ...reporters, ...extra], { cwd: root, stdio: 'inherit' }),
    );
    if (!existsSync(report)) return { code, passed: 0, failed: code === 0 ? 0 : 1 };
    const summary = summarySchema.parse(JSON.parse(readFileSync(report, 'utf8')));
    // A file that cannot be loaded fails without a failed test in it.
    const failed = Math.max(summary.numFailedTests, code === 0 ? 0 : 1);
    return { code, passed: summary.numPassedTests, failed };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs some of the tests in a network of their own; held back, its output appears in one piece when it has ended. */
async function runPart(chosen: readonly string[], output: 'shown' | 'held back'): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-part-'));
  const file = join(directory, 'outcome.json');
  try {
    const child = spawn(process.execPath, [import.meta.filename, ...chosen], {
      cwd: root,
      stdio: output === 'shown' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, [outcomeVariable]: file },
    });
    const pieces: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (piece: Buffer) => void pieces.push(piece));
    const code = await waitFor(child);
    process.stdout.write(Buffer.concat(pieces));
    if (!existsSync(file)) return { code: code === 0 ? 1 : code, passed: 0, failed: 1 };
    return outcomeSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function add(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((sum, next) => ({
    code: sum.code === 0 ? next.code : sum.code,
    passed: sum.passed + next.passed,
    failed: sum.failed + next.failed,
  }));
}

/** What was asked for by arguments, in the lab's network unless it needs none. */
async function runSome(): Promise<Outcome> {
  const obstacle = isUnitOnly()
    ? undefined
    : await findObstacle(async () => {
        ensureSystemPackages();
        await enterNamespace('test');
      });
  if (obstacle === undefined) return runVitest(args);
  console.error(`The integration tests did not run. ${obstacle}`);
  const missing = { code: 1, passed: 0, failed: 1 };
  // Projects that are named need the lab, or there were no obstacle: outside it they would only fail in odd ways.
  if (namedProjects().length > 0) return missing;
  return add([await runVitest(['--project', 'unit', ...args]), missing]);
}

/** Numbers that nothing in the whole run raised. */
function findSilent(raised: ReadonlySet<number>): readonly number[] {
  return eventCatalogue
    .filter(({ number, unraised }) => unraised === undefined && !raised.has(number))
    .map(({ number }) => number);
}

async function runAll(): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-events-'));
  const raised = join(directory, 'raised');
  // Every process of the run inherits it.
  process.env[raisedEventsVariable] = raised;
  try {
    const outcome = await runEverything();
    const silent = findSilent(readRaised(raised));
    if (outcome.failed > 0 || silent.length === 0) return outcome;
    console.error(`No test has raised the events ${silent.join(', ')}.`);
    return add([outcome, { code: 1, passed: 0, failed: 1 }]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All that needs the lab, in two lanes that take about as long: a third only makes both slower on two cores. */
function runLanes(): Promise<readonly Outcome[]> {
  return Promise.all([
    runPart(['--project', 'integration'], 'shown'),
    runPart(['--project', 'e2e', '--project', 'proof'], 'held back'),
  ]);
}

async function runEverything(): Promise<Outcome> {
  const obstacle = await findObstacle(ensureSystemPackages);
  const isChecked = runCheck();
  const unit = await runVitest(['--project', 'unit']);
  if (isStopped) return add([unit, { code: 130, passed: 0, failed: 1 }]);
  const others = obstacle === undefined ? await runLanes() : [{ code: 1, passed: 0, failed: 1 }];
  if (obstacle !== undefined) console.error(`The integration tests did not run. ${obstacle}`);
  if (!isChecked) console.error('The check failed; what it found stands at the top.');
  return add([unit, ...others, { code: isChecked ? 0 : 1, passed: 0, failed: isChecked ? 0 : 1 }]);
}

const outcome = await (args.length === 0 ? runAll() : runSome());
const file = process.env[outcomeVariable];
if (file === undefined) console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
else writeFileSync(file, JSON.stringify(outcome));
process.exitCode = outcome.code;
