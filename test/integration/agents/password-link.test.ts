import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';
import { openLdapScene, type PasswordScene, secret } from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const plain = { unlock: false, mustChange: false };
const signal = new AbortController().signal;
const { directory } = sharedLab();

let server: RunningOpenLdap;
let scene: PasswordScene;

beforeAll(async () => {
  server = await startOpenLdap({ directory: join(directory, `password-link-${process.pid}`) });
  scene = openLdapScene(server);
  await scene.open();
});
afterAll(async () => {
  server.resume();
  await scene.close();
  await server.stop();
});

test('nothing is sent where the connection is not secure and has to be', async () => {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const account = await scene.create('Before-the-set-1');
  const target = scene.target({ connection: { url: `ldap://127.0.0.1:${port}` } });
  expect(target.secure).toBe(false);
  const work = [
    () => target.setPassword(account.connector, secret('After-the-set-1'), plain, signal),
    () => target.changePassword(account.connector, secret('a'), secret('b'), signal),
  ];
  for (const attempt of work)
    await expect(attempt()).rejects.toMatchObject({
      word: 'ma-encryption-not-enabled',
      certainty: 'not-applied',
    });
  expect(await target.verifyPassword(account.connector, secret('x'), signal)).toMatchObject({
    verdict: 'not-possible',
  });
  expect(sockets).toHaveLength(0);
  listener.close();
});

test('the agent’s own password is not sent over an open connection either', async () => {
  const received: Buffer[] = [];
  const listener = createServer((socket) => socket.on('data', (chunk) => received.push(chunk))).listen(
    0,
    '127.0.0.1',
  );
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const account = await scene.create('Before-the-set-1');
  const target = scene.target({
    connection: { url: `ldap://127.0.0.1:${port}` },
    password: { requireSecureConnection: false },
  });
  await expect(
    target.setPassword(account.connector, secret('After-the-set-1'), plain, signal),
  ).rejects.toMatchObject({ word: 'ma-encryption-not-enabled', certainty: 'not-applied' });
  // What is left is the goodbye of a connection that asked for nothing.
  expect(Buffer.concat(received).includes('Lab-Service')).toBe(false);
  expect(Buffer.concat(received).length).toBeLessThan(32);
  listener.close();
});

test('a server that hangs leaves the end of a set unknown, and the next one gets a new connection', async () => {
  const account = await scene.create('Before-the-set-1');
  const target = scene.target({ password: { operationTimeout: 2 } });
  await target.setPassword(account.connector, secret('After-the-set-1'), plain, signal);
  server.pause();
  await expect(
    target.setPassword(account.connector, secret('After-the-set-2'), plain, signal),
  ).rejects.toMatchObject({ word: 'timeout', certainty: 'unknown' });
  await expect(target.probe(signal)).rejects.toMatchObject({ word: 'timeout', certainty: 'not-applied' });
  server.resume();
  await target.setPassword(account.connector, secret('After-the-set-3'), plain, signal);
  expect(await target.verifyPassword(account.connector, secret('After-the-set-3'), signal)).toEqual({
    verdict: 'verified',
  });
});

test('an attempt that is given up ends at once', async () => {
  const account = await scene.create('Before-the-set-1');
  const target = scene.target();
  await target.probe(signal);
  server.pause();
  const control = new AbortController();
  const attempt = target.setPassword(account.connector, secret('After-the-set-1'), plain, control.signal);
  const waiting = target.probe(control.signal);
  await delay(50);
  control.abort();
  await expect(attempt).rejects.toMatchObject({ word: 'timeout' });
  await expect(waiting).rejects.toMatchObject({ word: 'timeout', certainty: 'not-applied' });
  server.resume();
});

test('who waits for a connection can give up, and goes away when the agent stops', async () => {
  const target = scene.target({ password: { concurrency: 1, operationTimeout: 5 } });
  await target.probe(signal);
  server.pause();
  const busy = Array.from({ length: target.deliveriesPerConnection }, () =>
    target.probe(signal).catch((error) => error),
  );
  const control = new AbortController();
  const giving = target.probe(control.signal);
  const staying = target.probe(signal);
  control.abort();
  await expect(giving).rejects.toMatchObject({ word: 'timeout', certainty: 'not-applied' });
  await target.close();
  await expect(staying).rejects.toMatchObject({ word: 'server-down', certainty: 'not-applied' });
  server.resume();
  await Promise.all(busy);
});

test('a server that is killed in the middle and comes back goes on being used', async () => {
  const account = await scene.create('Before-the-set-1');
  const target = scene.target();
  await target.setPassword(account.connector, secret('After-the-set-1'), plain, signal);
  server.pause();
  const attempt = target.setPassword(account.connector, secret('After-the-set-2'), plain, signal);
  const failed = expect(attempt).rejects.toMatchObject({ word: 'server-down', certainty: 'unknown' });
  await delay(20);
  await server.kill();
  await failed;
  await expect(
    target.setPassword(account.connector, secret('After-the-set-3'), plain, signal),
  ).rejects.toMatchObject({ word: 'server-down', certainty: 'not-applied' });
  await server.restart();
  await target.setPassword(account.connector, secret('After-the-set-4'), plain, signal);
  expect(await scene.binds(account.dn, 'After-the-set-4')).toBe(true);
  await scene.reconnect();
});

test('a connection that the server has closed meanwhile is not used again', async () => {
  const account = await scene.create('Before-the-set-1');
  const target = scene.target();
  await target.setPassword(account.connector, secret('After-the-set-1'), plain, signal);
  await server.restart();
  await scene.reconnect();
  await target.setPassword(account.connector, secret('After-the-set-2'), plain, signal);
  expect(await scene.binds(account.dn, 'After-the-set-2')).toBe(true);
});

test.each([
  ['a port that nobody listens on', 'ldaps://ldap1.ldap.lab:9', 'server-down'],
  ['a host that has no address', 'ldaps://nowhere.ldap.lab', 'server-down'],
] as const)('%s is a server that is down', async (_what, url, word) => {
  await expect(scene.target({ connection: { url } }).probe(signal)).rejects.toMatchObject({
    word,
    certainty: 'not-applied',
    fix: expect.stringMatching(/address/),
  });
});

test('a server that takes the connection and says nothing is a time-out', async () => {
  const listener = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const target = scene.target({ connection: { url: `ldaps://127.0.0.1:${port}`, connectTimeout: 1 } });
  await expect(target.probe(signal)).rejects.toMatchObject({ word: 'timeout', certainty: 'not-applied' });
  listener.close();
});
