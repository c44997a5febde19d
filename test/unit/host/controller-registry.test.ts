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

test('what a domain controller has waiting is as old as its last heartbeat says', () => {
  const registry = new ControllerRegistry(join(folder, 'ages.json'));
  const sighting = { server: 'DC1', domain: 'FABRIKAM', kind: 'heartbeat' as const };
  registry.note({ ...sighting, at: 2000, queued: 2, oldest: 1000 });
  registry.note({ server: 'DC1', domain: 'FABRIKAM', kind: 'change', at: 2500 });
  expect(registry.all[0]).toMatchObject({ queued: 2, oldestQueuedAt: 1000 });
  registry.note({ ...sighting, at: 3000, queued: 0 });
  expect(registry.all[0]?.oldestQueuedAt).toBeUndefined();
});

test('a damaged memory is an empty one', () => {
  const path = join(folder, 'damaged.json');
  writeFileSync(path, '{"server":');
  expect(new ControllerRegistry(path).all).toEqual([]);
});
