import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { AdapterClient } from '#adapters/client/adapter-client.ts';
import { AdapterServer } from '#adapters/server/adapter-server.ts';
import { refused } from '#test/refused.ts';
import { openSyncWorld, type SyncWorld, secretOf, textOf } from '#test/sync-world.ts';

const jdoe = 'FABRIKAM\\jdoe';
let world: SyncWorld;
let server: AdapterServer;
let directory: string;
const clients: AdapterClient[] = [];

beforeEach(async () => {
  world = await openSyncWorld();
  world.setServer({ name: 'intsvr1.fabrikam.lab' });
  world.sso.settings = { ...world.sso.settings, hostName: 'intsvr1.fabrikam.lab' };
  await world.addAdapter({ name: 'Mainframe', verifyOldPassword: false });
  await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
  await world.map('Payroll', jdoe, 'JDOE1');
  directory = mkdtempSync(join(tmpdir(), 'carillon-adapters-'));
  server = new AdapterServer({
    synchronization: world.synchronization,
    directory,
    keepAliveSeconds: 60,
    stateChanged: () => undefined,
  });
  await server.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
  await world[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

async function open(adapter = 'Mainframe', token = readToken(adapter)): Promise<AdapterClient> {
  const client = await AdapterClient.open({ socket: server.path, adapter, token, software: 'test' });
  clients.push(client);
  return client;
}

function readToken(adapter: string): string {
  return readFileSync(join(directory, `${adapter.toLowerCase()}.token`), 'utf8').trim();
}

async function receiveChange(client: AdapterClient) {
  const { answer, newPassword } = await client.ask({ type: 'receive', wait: true });
  if (answer.type !== 'notification' || answer.kind !== 'password-change' || newPassword === undefined)
    throw new Error(`Received ${JSON.stringify(answer)}`);
  const password = textOf(newPassword);
  newPassword.wipe();
  return { notification: answer.notification, externalAccount: answer.externalAccount, password };
}

test('an adapter that waits gets a change as bytes, and its confirmation stores it', async () => {
  const client = await open();
  const waiting = receiveChange(client);
  await world.windowsChange(jdoe, 'Gehéim-1');
  const change = await waiting;
  expect(change).toMatchObject({ externalAccount: 'JDOE1', password: 'Gehéim-1' });
  const { answer } = await client.ask({ type: 'confirm', notification: change.notification });
  expect(answer).toMatchObject({ type: 'result', ok: true });
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Gehéim-1');
  expect(world.events()).toContain(10744);
});

test('what a killed adapter held comes again to the one that follows', async () => {
  await world.windowsChange(jdoe, 'Geheim-1');
  const first = await open();
  const held = await receiveChange(first);
  first.close();
  await vi.waitFor(() => expect(server.sessions).toHaveLength(0), 10_000);
  const second = await open();
  expect(await receiveChange(second)).toEqual(held);
  expect(world.events()).toContain(10745);
});

test('of two processes with one name the later one has the session, and what the first held', async () => {
  await world.windowsChange(jdoe, 'Geheim-1');
  const first = await open();
  const held = await receiveChange(first);
  const second = await open();
  expect(second.welcome.reconnected).toBe(true);
  expect(await receiveChange(second)).toEqual(held);
  await vi.waitFor(() => expect(first.isClosed).toBe(true), 10_000);
  expect(server.sessions).toHaveLength(1);
});

test('an adapter that hangs is given up after three keep-alives, and its change waits for the next', async () => {
  await world.windowsChange(jdoe, 'Geheim-1');
  const hung = await open();
  const held = await receiveChange(hung);
  await world.sso.clock.move(180_000);
  await vi.waitFor(() => expect(server.sessions).toHaveLength(0), 10_000);
  await vi.waitFor(() => expect(world.events()).toContain(10748), 10_000);
  expect((await receiveChange(await open())).password).toBe(held.password);
});

test('an adapter that is quiet is asked how it is', async () => {
  const client = await open();
  const asked = client.ask({ type: 'receive', wait: true });
  await world.sso.clock.move(60_000);
  expect((await asked).answer).toMatchObject({ kind: 'status-request' });
  await client.ask({ type: 'status', state: 'offline', code: 91, message: 'Down' });
  expect(world.events()).toContain(10745);
});

test('a lying adapter changes nothing: what it does not hold it cannot confirm', async () => {
  const client = await open();
  await world.windowsChange(jdoe, 'Geheim-1');
  const { answer } = await client.ask({ type: 'confirm', notification: 1 });
  expect(answer).toMatchObject({ ok: false, event: 10817 });
  expect(await world.stored('Payroll', 'JDOE1')).toBeUndefined();
});

test('a report is answered with what became of it', async () => {
  const client = await open();
  using newPassword = secretOf('Neu-1');
  const report = { type: 'report', externalAccount: 'JDOE1', secrets: { newPassword: 5 } } as const;
  expect((await client.ask(report, { newPassword })).answer).toMatchObject({ ok: true, event: 10736 });
  const unknown = { ...report, externalAccount: 'NOBODY' };
  expect((await client.ask(unknown, { newPassword })).answer).toMatchObject({
    ok: false,
    event: 10805,
    retry: false,
  });
  expect(await world.stored('Payroll', 'JDOE1')).toBe('Neu-1');
});

test.each([
  ['a name that nobody defined', 10822, () => open('Nobody', 'x')],
  ['a wrong token', 10653, () => open('Mainframe', 'wrong')],
  [
    'a token file that others can read',
    10653,
    () => {
      chmodSync(join(directory, 'mainframe.token'), 0o644);
      return open();
    },
  ],
  [
    'another computer',
    10804,
    async () => {
      await world.changeAdapter('Mainframe', { computer: 'other.fabrikam.lab' });
      return open();
    },
  ],
  ['the name of an application', 10705, () => open('Payroll', 'x')],
  [
    'an adapter without a direction',
    10707,
    async () => {
      await world.changeAdapter('Mainframe', { sendChanges: false, receiveChanges: false });
      return open();
    },
  ],
  [
    'a disabled adapter',
    10800,
    async () => {
      await world.changeAdapter('Mainframe', { enabled: false });
      return open();
    },
  ],
  [
    'a group adapter while every direction is off',
    10706,
    async () => {
      await world.addAdapter({ name: 'Group', kind: 'group-adapter' });
      await server.refresh();
      const off = {
        fromWindowsToAdapters: false,
        fromAdaptersToDatabase: false,
        fromAdaptersToWindows: false,
      };
      world.setDirections(off);
      return open('Group');
    },
  ],
] as readonly [string, number, () => Promise<AdapterClient>][])(
  '%s is refused',
  async (_, event, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ event });
    await vi.waitFor(() => expect(world.events()).toContain(event), 10_000);
    expect(server.sessions).toHaveLength(0);
  },
);

test.each([
  ['a message before hello', 10800, '{"type":"receive","id":1}\n'],
  ['a message that nobody knows', 10747, '{"type":"dance"}\n'],
  ['a field of the wrong kind', 10801, '{"type":"receive","id":"one"}\n'],
  ['something that is no JSON', 10801, 'GET / HTTP/1.1\n'],
  ['a line without end', 10801, 'x'.repeat(70_000)],
  ['a secret that is too long', 10801, '{"type":"report","id":1,"secrets":{"newPassword":99999}}\n'],
] as const)('%s ends the connection and nothing else', async (_, event, bytes) => {
  const socket = connect(server.path);
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(bytes);
  socket.resume();
  await closed;
  if (event !== 10801 || bytes.startsWith('{"type":"receive"')) expect(world.events()).toContain(event);
  expect((await open()).isClosed).toBe(false);
});

test('a second process of an adapter takes the place of the first, which is told', async () => {
  const first = await open();
  const second = await open();
  await vi.waitFor(() => expect(first.isClosed).toBe(true), 10_000);
  expect(second.welcome.reconnected).toBe(true);
  expect(world.events()).toContain(10802);
});

test('an adapter tells of a password that has expired', async () => {
  const { answer } = await (await open()).ask({ type: 'password-expired', externalAccount: 'JDOE1' });
  expect(answer).toMatchObject({ ok: true });
  expect(world.sso.entries.at(-1)).toMatchObject({ event: 10746, externalUser: 'JDOE1' });
});

test('what the server cannot carry out is answered as a failure that passes', async () => {
  const client = await open();
  const { database } = world.sso;
  await database.commit(() => database.run('DROP TABLE sso_mapping'));
  using newPassword = secretOf('Neu-1');
  const report = { type: 'report', externalAccount: 'JDOE1', secrets: { newPassword: 5 } } as const;
  const { answer } = await client.ask(report, { newPassword });
  expect(answer).toEqual(refused(10785));
  expect(answer).toMatchObject({ retry: true });
});

test('a group adapter is told of its members and of every change of them, and never a password', async () => {
  await world.addAdapter({ name: 'Group', kind: 'group-adapter' });
  await world.changeAdapter('Mainframe', { group: 'Group' });
  await server.refresh();
  const group = await open('Group');
  expect((await group.ask({ type: 'receive', wait: true })).answer).toMatchObject({
    kind: 'adapters-in-group',
    adapters: ['Mainframe'],
  });
  await world.windowsChange(jdoe, 'Geheim-1');
  expect((await group.ask({ type: 'receive', wait: false })).answer).toMatchObject({ kind: 'none' });
  await world.changeAdapter('Mainframe', { enabled: false });
  await server.refresh();
  expect((await group.ask({ type: 'receive', wait: true })).answer).toMatchObject({
    kind: 'delete-adapter',
    adapter: 'Mainframe',
  });
  await world.changeAdapter('Mainframe', { enabled: true });
  await server.refresh();
  expect((await group.ask({ type: 'receive', wait: true })).answer).toMatchObject({ kind: 'add-adapter' });
});

test('an adapter that is disabled while it is connected is told to shut down', async () => {
  const client = await open();
  const told = client.ask({ type: 'receive', wait: true });
  await world.changeAdapter('Mainframe', { enabled: false });
  await server.refresh();
  expect((await told).answer).toMatchObject({ kind: 'shutdown' });
});
