/** `npm run lab`: boots real servers in a network of their own, runs a scenario in them and leaves all of it running. */
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { describeLab } from '../test/lab/describe-lab.ts';
import { startLab } from '../test/lab/lab.ts';
import { enterNamespace } from '../test/lab/namespace.ts';
import type { RunScenario, ScenarioRun } from '../test/lab/scenario.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const usage = `npm run lab -- [--scenario <name>] [--once] [--json]
  --scenario <name>  what to run in the lab: test/lab/scenario-<name>.ts (default main),
                     or none for the servers alone
  --once             end after the scenario; the exit code is 0 only when all of it went well
  --json             print the scenario's result as one JSON document
`;

const labFolder = join(import.meta.dirname, '../test/lab');

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The scenario's function; undefined for the servers alone. */
async function loadScenario(name: string): Promise<RunScenario | undefined> {
  if (name === 'none') return undefined;
  const file = join(labFolder, `scenario-${name}.ts`);
  if (existsSync(file)) return ((await import(file)) as { runScenario: RunScenario }).runScenario;
  const known = globSync('scenario-*.ts', { cwd: labFolder }).map((found) => found.slice(9, -3));
  throw new Error(`No scenario "${name}". There is: ${['none', ...known].join(', ')}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: {
        type: 'string',
        default: existsSync(join(labFolder, 'scenario-main.ts')) ? 'main' : 'none',
      },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const runScenario = await loadScenario(values.scenario);
  ensureSystemPackages();
  const namespace = await enterNamespace('lab');

  const interruption = new AbortController();
  const interrupted = new Promise<'interrupted'>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve('interrupted'));
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort());
  }

  say(`Starting Samba, OpenLDAP and 389 Directory Server in ${namespace.name}`);
  const lab = await Promise.race([startLab({ onProgress: say }), interrupted]);
  // Servers that are half up have no handle yet; leaving the namespace ends them.
  if (lab === 'interrupted') process.exit(1);

  let run: ScenarioRun | undefined;
  try {
    run = await runScenario?.({ lab, onProgress: say, signal: interruption.signal });
    const result = run?.result ?? { ok: true, startTimes: lab.startTimes };
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    if (!result.ok) process.exitCode = 1;
    if (values.once) return;
    const text = [describeLab(lab, namespace), ...(run?.usage ?? []), 'Ctrl+C stops everything.'];
    (values.json ? process.stderr : process.stdout).write(`${text.join('\n')}\n`);
    await interrupted;
    say('Stopping');
  } finally {
    await run?.stop();
    await lab.stop();
  }
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  // A server that came up beside one that failed would keep this process; leaving the namespace ends it.
  process.exit(1);
}
