import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

import { canaryNeedles } from '#test/canary.ts';
import { scanMemory } from '#test/scan-memory.ts';

test('no password stays in the memory of sender and receiver after 1,000 changes', async () => {
  const victim = spawn(process.execPath, [join(import.meta.dirname, 'leak-main.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface(victim.stdout), 'line')) as [string];
    expect(line).toBe('1000');
    expect(scanMemory(victim.pid ?? 0, canaryNeedles())).toBe(0);
  } finally {
    victim.kill();
  }
});
