import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import { namespaceMarker } from '#lab/namespace.ts';
import { isRunning, type RunningProcess, readProcess } from '#lab/process-table.ts';
import { requireCommand } from '#lab/run-command.ts';

interface LabScript {
  readonly child: ChildProcess;
  readonly namespace: string;
  readonly processes: readonly RunningProcess[];
}

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started) child.kill('SIGTERM');
});

/** Starts `npm run lab` as somebody would from a shell, outside of any lab, and waits until it is up. */
async function startLabScript(): Promise<LabScript> {
  const { [namespaceMarker]: _, ...env } = process.env;
  const script = join(import.meta.dirname, '../../../scripts/lab.ts');
  const child = spawn(process.execPath, [script, '--scenario', 'none'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  started.push(child);
  let progress = '';
  child.stderr.on('data', (chunk: Buffer) => {
    progress += chunk.toString();
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('Ctrl+C stops everything.')) break;
  }
  const [namespace] = /carillon-lab-\d+/.exec(text) ?? [];
  if (namespace === undefined) throw new Error(`The lab did not come up: ${progress}`);
  const { stdout } = await requireCommand('ip', ['netns', 'pids', namespace]);
  const processes = stdout.split('\n').flatMap((pid) => readProcess(Number(pid)) ?? []);
  return { child, namespace, processes };
}

function leftovers({ namespace }: LabScript): string[] {
  const places = [`/run/netns/${namespace}`, `/etc/netns/${namespace}`, `/tmp/${namespace}`];
  return places.filter((place) => existsSync(place));
}

test('the servers of a killed lab end, the next lab removes the rest, and Ctrl+C leaves nothing behind', async () => {
  const killed = await startLabScript();
  expect(killed.processes.length).toBeGreaterThan(10);
  expect(leftovers(killed)).toHaveLength(3);
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  await vi.waitUntil(() => !killed.processes.some(isRunning), { timeout: 20_000 });
  const next = await startLabScript();
  expect(leftovers(killed)).toEqual([]);
  expect(leftovers(next)).toHaveLength(3);
  next.child.kill('SIGINT');
  expect(await once(next.child, 'exit')).toEqual([0, null]);
  expect(next.processes.filter(isRunning)).toEqual([]);
  expect(leftovers(next)).toEqual([]);
}, 240_000);
