import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import type { SsoService } from '#host/sso/open-sso.ts';
import { openSynchronization } from '#host/sso/open-synchronization.ts';
import { openSsoService } from '#test/open-sso-service.ts';
import { openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

let world: SsoWorld;

let sso: SsoService;

let events: number[];

let file: ConfigurationFile;

const fail = (error: unknown): never => {
  throw error;
};

beforeEach(async () => {
  world = await openSsoWorld();
  const servers = [{ name: 'INTSVR1', positiveAuditLevel: 'high' }];
  ({ service: sso, file, events } = await openSsoService(world, { servers }));
});

afterEach(async () => {
  await sso.close();
  await world[Symbol.asyncDispose]();
});

function start(report: (error: unknown) => void = fail) {
  return openSynchronization({
    dataDirectory: world.folder,
    configuration: file.configuration,
    sso,
    serverAccounts: () => [],
    seal: { seal: () => fail(new Error('Nothing to seal')), open: fail, digest: fail },
    clock: world.clock,
    windows: { change: () => Promise.reject(new Error('No domain here')) },
    domains: () => [],
    credential: () => Promise.reject(new Error('Nobody signs in here')),
    record: () => undefined,
    changed: () => undefined,
    report,
  });
}

test('password synchronization tells of each step of its start', async () => {
  const running = await start();
  expect(events.filter((event) => event >= 10650 && event < 10660)).toEqual([10650, 10656, 10657, 10651]);
  await running.stop();
});

test('where no adapter can connect the rest starts all the same', async () => {
  writeFileSync(join(world.folder, 'adapters'), '');
  const reported: unknown[] = [];
  const running = await start((error) => reported.push(error));
  expect(events).toEqual(expect.arrayContaining([10658, 10651]));
  expect(reported).not.toEqual([]);
  await running.stop();
  rmSync(join(world.folder, 'adapters'));
});

test('what it cannot begin without is told before the start is given up', async () => {
  await world.database.commit(() => world.database.run('DROP TABLE damping'));
  await expect(start()).rejects.toThrow('damping');
  expect(events.at(-1)).toBe(10652);
});
