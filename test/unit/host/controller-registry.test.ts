import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { ControllerRegistry } from '#host/controller-registry.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-controllers-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('domain controllers are remembered over a restart, each once', () => {
  const path = join(folder, 'controllers.json');
  const registry = new ControllerRegistry(path);
  registry.note({
    server: 'DC1',
    domain: 'FABRIKAM',
    at: 1000,
    kind: 'heartbeat',
    queued: 4,
    clockDifference: 12,
  });
  registry.note({ server: 'dc1', domain: 'fabrikam', at: 2000, kind: 'change' });
  registry.save(2000);
  expect(new ControllerRegistry(path).all).toEqual([
    {
      server: 'DC1',
      domain: 'FABRIKAM',
      firstSeenAt: 1000,
      lastHeartbeatAt: 1000,
      lastChangeAt: 2000,
      clockDifference: 12,
      queued: 4,
    },
  ]);
});

test('a damaged memory is an empty one', () => {
  const path = join(folder, 'damaged.json');
  writeFileSync(path, '{"server":');
  expect(new ControllerRegistry(path).all).toEqual([]);
});
