import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { EngineEvent } from '#engine/event-sink.ts';
import { SsoAgentLink } from '#host/sso/sso-agent-link.ts';
import { WindowsListener } from '#host/sso/windows-listener.ts';
import { systemClock } from '#host/system-clock.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
import { openSyncWorld, type SyncWorld } from '#test/sync-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-listener-'));
let world: SyncWorld;
let listener: WindowsListener;
let recorded: EngineEvent[];

beforeEach(async () => {
  world = await openSyncWorld();
  recorded = [];
  listener = new WindowsListener({
    dataDirectory: folder,
    clock: systemClock,
    synchronization: world.synchronization,
    domains: () => [],
    credential: () => Promise.reject(new Error('Nobody signs in here')),
    record: (event) => recorded.push(event),
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
    connection: { connectTo: 'localhost', port, user: 'svc@fabrikam.lab', keytab: '/nowhere' },
  });
  if (agent.kind !== 'entsso') throw new Error('Another kind');
  const link = new SsoAgentLink(agent, {
    hostName: 'host',
    credential: () => Promise.reject(new Error('A keytab needs none')),
    domains: () => [],
    ownListener: () => undefined,
    mappings: () => undefined,
    now: Date.now,
    record: (event) => recorded.push(event),
  });
  for (let attempt = 0; attempt < 2; attempt += 1)
    await expect(link.probe(AbortSignal.timeout(10_000))).rejects.toMatchObject({ word: 'server-down' });
  expect(recorded.map(({ number }) => number)).toEqual([10749]);
  await expect(
    link.createMapping({ application: 'Portal', windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'j' }),
  ).rejects.toMatchObject({ code: 'unavailable' });
});
