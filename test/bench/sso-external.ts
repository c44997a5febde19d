import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AdapterClient } from '#adapters/client/adapter-client.ts';
import { AdapterServer } from '#adapters/server/adapter-server.ts';
import { openSyncWorld, secretOf } from '#test/sync-world.ts';

const inFlight = 64;

/** Changes that one adapter reports over its socket, each sealed and on disk before it is answered. */
export async function measureExternal(
  changes: number,
): Promise<{ readonly perSecond: number; readonly p99Ms: number }> {
  await using world = await openSyncWorld();
  const host = 'intsvr1.fabrikam.lab';
  world.setServer({ name: host });
  world.sso.settings = { ...world.sso.settings, hostName: host };
  await world.addAdapter({ name: 'Mainframe', verifyOldPassword: false });
  await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
  world.sso.directory.firstOf = async (_, candidates) => candidates[0];
  await world.sso.ports.database.insertMappings(
    Array.from({ length: changes }, (_, index) => ({
      application: 'Payroll',
      windowsAccount: `FABRIKAM\\user${index}`,
      externalUser: `u${index}`,
      enabled: true,
      disabledByAdministrator: false,
    })),
  );
  const directory = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
  const { synchronization } = world;
  const stateChanged = (): void => undefined;
  const server = new AdapterServer({ synchronization, directory, keepAliveSeconds: 60, stateChanged });
  await server.start();
  const token = readFileSync(join(directory, 'mainframe.token'), 'utf8').trim();
  const client = await AdapterClient.open({
    socket: server.path,
    adapter: 'Mainframe',
    token,
    software: 'bench',
  });
  const times: number[] = [];
  const began = performance.now();
  let next = 0;
  const report = async (): Promise<void> => {
    for (let index = next++; index < changes; index = next++) {
      using newPassword = secretOf(`Password-${index}`);
      const start = performance.now();
      const secrets = { newPassword: newPassword.length };
      const { answer } = await client.ask(
        { type: 'report', externalAccount: `u${index}`, secrets },
        { newPassword },
      );
      if (answer.type !== 'result' || !answer.ok) throw new Error(`Change ${index} was not taken`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, report));
  const seconds = (performance.now() - began) / 1000;
  client.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
  times.sort((left, right) => left - right);
  const p99Ms = Number((times[Math.floor(times.length * 0.99)] ?? 0).toFixed(1));
  return { perSecond: Math.round(changes / seconds), p99Ms };
}
