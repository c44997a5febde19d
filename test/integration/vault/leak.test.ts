import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { canaryLength, canaryNeedles, fillCanary } from '#test/canary.ts';
import { countIn, scanMemory } from '#test/scan-memory.ts';

const keeper = fileURLToPath(new URL('../../helpers/canary-keeper.ts', import.meta.url));

/** Runs the canary keeper and searches its memory and files while it is alive, and its files once it is gone. */
async function searchAfter(mode: 'careful' | 'careless'): Promise<{ memory: number; files: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-leak-'));
  const child = spawn(process.execPath, [keeper, directory, mode], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const needles = canaryNeedles();
    const memory = scanMemory(child.pid ?? 0, needles);
    let files = countFiles(directory, needles);
    child.stdin.end();
    await once(child, 'close');
    files += countFiles(directory, needles);
    return { memory, files };
  } finally {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}

function countFiles(directory: string, needles: readonly Buffer[]): number {
  const names = readdirSync(directory);
  expect(names).toContain('carillon.db');
  return names.reduce((sum, name) => sum + countIn(readFileSync(join(directory, name)), needles), 0);
}

test('the needles find a canary in every form that they look for', () => {
  const canary = Buffer.alloc(canaryLength);
  fillCanary(canary, 123);
  const text = canary.toString('latin1');
  const forms = [
    canary,
    Buffer.from(text, 'utf16le'),
    canary.toString('base64'),
    Buffer.from(`x${text}`).toString('base64'),
    Buffer.from(`xx${text}`).toString('base64'),
    canary.toString('hex'),
    canary.toString('hex').toUpperCase(),
  ];
  for (const form of forms) expect(countIn(Buffer.from(form), canaryNeedles()), String(form)).toBe(1);
});

test('a thousand passwords leave nothing in memory or in any file', async () => {
  expect(await searchAfter('careful')).toEqual({ memory: 0, files: 0 });
});

test('the search finds one copy that was kept on purpose', async () => {
  expect(await searchAfter('careless')).toEqual({ memory: 1, files: 0 });
});
