import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openSender } from '#channel/sender.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { Domain } from '#host/sso/domain-directory.ts';
import { SsoAgentLink } from '#host/sso/sso-agent-link.ts';
import { WindowsListener } from '#host/sso/windows-listener.ts';
import { systemClock } from '#host/system-clock.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
import { noteRaised } from '#test/raised-events.ts';
import { openSyncWorld, type SyncWorld } from '#test/sync-world.ts';

import { FakeKerberos } from '../channel/fake-kerberos.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-listener-'));
let world: SyncWorld;
let listener: WindowsListener;
let recorded: EngineEvent[];
const record = (event: EngineEvent): void => {
  noteRaised(event.number);
  recorded.push(event);
};

beforeEach(async () => {
  mkdirSync(folder, { recursive: true });
  world = await openSyncWorld();
  recorded = [];
  listener = new WindowsListener({
    dataDirectory: folder,
    clock: systemClock,
    synchronization: world.synchronization,
    domains: () => [{ dn: 'DC=fabrikam,DC=lab', name: 'FABRIKAM' } as Domain],
    credential: () => Promise.reject(new Error('Nobody signs in here')),
    kerberos: new FakeKerberos(),
    record,
    report: (error) => {
      throw error;
    },
    giveSecret: () => Promise.reject(new Error('Nobody has the secret')),
    serverAccounts: () => [],
  });
});
afterEach(async () => {
  await listener.stop();
  await world[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function call(principal: string) {
  const { port = 0, fingerprint = '' } = listener.status;
  return await openSender({
    ...{ host: '127.0.0.1', port, spn: 'ENTSSO/intsvr1.fabrikam.lab', pin: fingerprint },
    kerberos: new FakeKerberos(principal),
  });
}

const listen = (port: number) =>
  listener.follow(
    configurationSchema.parse({
      version: 1,
      singleSignOn: { listen: { host: '127.0.0.1', port, spn: 'ENTSSO/intsvr1.fabrikam.lab' } },
    }),
  );

test('the listener tells that it starts and listens, and of a caller that does not prove itself', async () => {
  await listen(0);
  expect(world.events()).toEqual([10659, 11065, 10660, 11066]);
  const { port = 0 } = listener.status;
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.write('Nothing that Kerberos has to do with');
  socket.resume();
  await once(socket, 'close');
  expect(recorded.map(({ number }) => number)).toEqual([11063]);
});

test.each([
  ['a computer that is no domain controller', 'PC9$@FABRIKAM.LAB', 10654, 10709],
  ['an account that is not the service account', 'mallory@FABRIKAM.LAB', 11060, 11060],
] as const)('%s is refused', async (_, principal, refusal, event) => {
  world.setServer({ serviceAccount: 'FABRIKAM\\ssosvcact' });
  await listen(0);
  await expect(call(principal)).rejects.toThrow();
  const told = [...world.events(), ...recorded.map(({ number }) => number)];
  expect(told).toEqual(expect.arrayContaining([refusal, event]));
});

test('a caller that may hand nothing over is told of once when it asks for the server', async () => {
  world.setServer({ serviceAccount: 'FABRIKAM\\ssosvcact', allowPasswordSyncFromFim: false });
  await listen(0);
  const sender = await call('ssosvcact@FABRIKAM.LAB');
  world.events();
  const status = { queued: 0, oldest: undefined, lastCaptured: undefined };
  for (let time = 0; time < 2; time += 1)
    await sender.heartbeat({ host: 'idm1', productVersion: '1', ...status });
  await vi.waitFor(() => expect(world.events()).toEqual([10655]), 10_000);
  await sender.close();
});

test('a listener that cannot listen says so for both of its callers', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  await listen((taken.address() as AddressInfo).port);
  expect(world.events()).toEqual(expect.arrayContaining([10661, 11067]));
  expect(listener.status.state).toBe('failed');
  taken.close();
});

test('an agent tells once of a server that does not answer', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, 'close');
  const agent = agentSchema.parse({
    id: 'd1000000-0000-4000-8000-000000000001',
    name: 'ENTSSOMA2',
    kind: 'entsso',
    connection: {
      ...{ connectTo: 'localhost', port, administrationPort: port },
      ...{ user: 'svc@fabrikam.lab', keytab: '/nowhere' },
    },
  });
  if (agent.kind !== 'entsso') throw new Error('Another kind');
  const link = new SsoAgentLink(agent, {
    hostName: 'host',
    credential: () => Promise.reject(new Error('A keytab needs none')),
    domains: () => [],
    ownListener: () => undefined,
    mappings: () => undefined,
    now: Date.now,
    record,
  });
  for (let attempt = 0; attempt < 2; attempt += 1)
    await expect(link.probe(AbortSignal.timeout(10_000))).rejects.toMatchObject({ word: 'server-down' });
  expect(recorded.map(({ number }) => number)).toEqual([10749]);
  await expect(
    link.createMapping({ application: 'Portal', windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'j' }),
  ).rejects.toMatchObject({ code: 'unavailable' });
});
