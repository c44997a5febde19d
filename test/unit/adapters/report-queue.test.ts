import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import type { PasswordReport } from '#adapters/client/adapter-work.ts';
import { runAdapter } from '#adapters/client/run-adapter.ts';
import { AdapterServer } from '#adapters/server/adapter-server.ts';
import { openSyncWorld, secretOf } from '#test/sync-world.ts';

test('what was captured while the server was away arrives although the adapter was killed meanwhile', async () => {
  await using world = await openSyncWorld();
  world.sso.settings = { ...world.sso.settings, hostName: 'intsvr1.fabrikam.lab' };
  await world.addAdapter({ name: 'Directory', verifyOldPassword: false });
  await world.addApplication({ name: 'Payroll', adapter: 'Directory' });
  await world.map('Payroll', 'FABRIKAM\\jdoe', 'jdoe');
  const directory = mkdtempSync(join(tmpdir(), 'carillon-queue-'));
  chmodSync(directory, 0o700);
  const server = new AdapterServer({
    synchronization: world.synchronization,
    directory,
    keepAliveSeconds: 60,
    stateChanged: () => undefined,
  });
  /** Runs an adapter that captured these changes before it begins; ended without a word, as a kill does. */
  const run = async (captured: readonly string[], until: () => Promise<void> | void) => {
    const stopping = new AbortController();
    const work = {
      software: 'test',
      setPassword: async () => undefined,
      probe: async () => undefined,
      capture: async (report: (change: PasswordReport) => Promise<void>) => {
        for (const text of captured)
          await report({ externalAccount: 'jdoe', timestamp: 0, password: secretOf(text) });
        return async () => undefined;
      },
      close: async () => undefined,
    };
    const running = runAdapter(work, {
      socket: server.path,
      adapter: 'Directory',
      tokenFile: join(directory, 'directory.token'),
      concurrency: 1,
      reportDirectory: join(directory, 'reports'),
      log: () => undefined,
      signal: stopping.signal,
    });
    await until();
    stopping.abort();
    await running;
  };
  await run(['Neu-1', 'Neu-2'], () => undefined);
  await server.start();
  expect(readFileSync(join(directory, 'directory.token'))).not.toHaveLength(0);
  await run([], () =>
    vi.waitFor(async () => expect(await world.stored('Payroll', 'jdoe')).toBe('Neu-2'), { timeout: 10_000 }),
  );
  expect(world.events()).not.toContain(10666);
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});
