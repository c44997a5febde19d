import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { dialRemote } from '#host/remote/dial-remote.ts';
import { proveToken } from '#host/remote/remote-protocol.ts';
import { connect } from '#shared/rpc/connect.ts';
import { defineContract } from '#shared/rpc/contract.ts';
import { secretInput } from '#shared/rpc/secret-input.ts';
import { secretOutput } from '#shared/rpc/secret-output.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { noteRaised } from '#test/raised-events.ts';

import { FakeClock } from '../channel/fake-clock.ts';
import { FakeKerberos, fakeToken } from '../channel/fake-kerberos.ts';
import { ended, RemoteWorld, spn } from './remote-world.ts';

const contract = defineContract({
  methods: {
    'a.swap': {
      access: 'use',
      givesSecrets: true,
      input: z.strictObject({ secret: secretInput(64) }),
      output: z.strictObject({ secret: secretOutput() }),
    },
  },
  topics: {},
});

/** Answers a secret with its bytes in reverse; keeps what it gave out, to see that it was wiped. */
function serveSwap(world: RemoteWorld): SecretBytes[] {
  const given: SecretBytes[] = [];
  const { port, caller } = world.arrival();
  serve({
    contract,
    handlers: {
      'a.swap': ({ secret }) => {
        const swapped = SecretBytes.copy(secret.bytes.toReversed());
        given.push(swapped);
        return { secret: swapped };
      },
    },
    topics: new Topics(contract),
    port,
    access: caller.access,
    caller: caller.account,
    report: (error) => world.reported.push(error),
  });
  return given;
}

test('a caller with a ticket is let in under its account, with the role that it has, and is noted', async () => {
  await using world = await new RemoteWorld().start();
  const connection = await world.dial();
  expect(connection).toMatchObject({ account: 'FABRIKAM\\alice', access: 'operate' });
  expect(connection.fingerprint).toBe(world.server.fingerprint);
  expect(world.arrival()).toMatchObject({ caller: { account: 'FABRIKAM\\alice' }, isRemote: false });
  expect(world.events).toMatchObject([
    { number: 7047, message: expect.stringMatching(/^FABRIKAM\\alice at 127.0.0.1 connected/) },
  ]);
});

test('a caller from another address is remote', async () => {
  await using world = await new RemoteWorld().start();
  await world.dial({ localAddress: '127.0.0.9' });
  expect(world.arrival().isRemote).toBe(true);
});

test('secrets travel as bytes both ways, and are wiped once they are sent', async () => {
  await using world = await new RemoteWorld().start();
  const { port } = await world.dial();
  const given = serveSwap(world);
  const bytes = new TextEncoder().encode('geheim"\\\u00e9');
  const { secret } = await connect(contract, port).call('a.swap', { secret: bytes });
  expect(secret.bytes.toReversed()).toEqual(bytes);
  expect(given.map(({ wiped }) => wiped)).toEqual([true]);
  expect(world.reported).toEqual([]);
});

test('a console is given no secret', async () => {
  await using world = await new RemoteWorld().start();
  const { port } = await world.dial({ purpose: 'console' });
  serveSwap(world);
  const calling = connect(contract, port).call('a.swap', { secret: 'YWJj' });
  await expect(calling).rejects.toMatchObject({ code: 'forbidden' });
});

test('a key that is not the trusted one is refused with its fingerprint before a ticket is asked for', async () => {
  await using world = await new RemoteWorld().start();
  const kerberos = new FakeKerberos();
  kerberos.failure = { call: 'token', error: new Error('A ticket was asked for') };
  const { fingerprint, port } = world.server;
  const pin = `sha256/${'A'.repeat(43)}=`;
  await expect(world.dial({ trust: { pin }, kerberos })).rejects.toMatchObject({
    event: 7044,
    reason: 'pin-mismatch',
    fingerprint,
  });
  const address = { host: '127.0.0.1', port, spn };
  await expect(world.dial({ trust: { serverName: 'localhost' }, address, kerberos })).rejects.toMatchObject({
    event: 7044,
    reason: 'certificate-not-trusted',
    fingerprint,
  });
});

test.each([
  [
    'a clock that is too far off',
    7043,
    (world: RemoteWorld) => ({ clock: new FakeClock(world.clock.now() + 301_000) }),
  ],
  ['an account without a role', 7046, () => ({ kerberos: new FakeKerberos('mallory@FABRIKAM.LAB') })],
  ['an account of another realm', 7042, () => ({ kerberos: new FakeKerberos('alice@OTHER.LAB') })],
  [
    'a ticket for another service of the same account',
    7045,
    (world: RemoteWorld) => {
      world.kerberos.ticketFor = 'HTTP/sync.fabrikam.lab';
      return {};
    },
  ],
  [
    'a server that does not prove itself',
    7041,
    (world: RemoteWorld) => {
      world.kerberos.reply = new TextEncoder().encode('not from this service');
      return {};
    },
  ],
] as const)('%s is refused by its number %i, with a fix', async (_, event, prepare) => {
  await using world = await new RemoteWorld().start();
  const dialling = world.dial(prepare(world));
  await expect(dialling).rejects.toMatchObject({ event, fix: expect.stringMatching(/\S.*\.$/) });
  await expect(dialling).rejects.toThrow(`(event ${event})`);
});

test('nobody at the address is said with its number', async () => {
  await using world = await new RemoteWorld().start();
  const { port, fingerprint } = world.server;
  await world.server.stop();
  const dialling = dialRemote({
    address: { host: '127.0.0.1', port, spn },
    trust: { pin: fingerprint },
    purpose: 'program',
    kerberos: world.kerberos,
  });
  await expect(dialling).rejects.toMatchObject({ event: 7049, reason: 'unreachable' });
  noteRaised(7049);
});

interface Answer {
  readonly status: number | undefined;
  readonly reason: string | undefined;
  /** Replies to a ticket in the answer. */
  readonly replies: number;
}

/** Asks as a stranger does who wrote his own program. */
async function ask(
  world: RemoteWorld,
  headers: Record<string, string> = {},
  token?: Uint8Array,
): Promise<Answer> {
  const socket = connectTls({ host: '127.0.0.1', port: world.server.port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const sent = token ?? fakeToken(spn, 'alice@FABRIKAM.LAB', Math.random());
  const asking = request({
    createConnection: () => socket,
    path: '/rpc',
    headers: {
      Host: 'sync.fabrikam.lab:6949',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
      'Sec-WebSocket-Protocol': 'carillon.1',
      'carillon-purpose': 'program',
      'carillon-clock': String(world.clock.now()),
      Authorization: `Negotiate ${Buffer.from(sent).toString('base64')}`,
      'carillon-proof': proveToken('caller', socket, spn, sent),
      ...headers,
    },
  });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const tell = ({ statusCode: status, rawHeaders }: IncomingMessage, reason?: string): void => {
        const replies = rawHeaders.filter((word) => word.toLowerCase() === 'www-authenticate').length;
        resolve({ status, reason, replies });
      };
      asking.on('error', reject);
      asking.on('upgrade', (response) => tell(response));
      asking.on('response', async (response) => {
        let text = '';
        for await (const chunk of response) text += String(chunk);
        tell(response, /"reason":"([^"]+)"/.exec(text)?.[1]);
      });
      asking.end();
    });
  } finally {
    socket.destroy();
  }
}

test('what is not written by the rules is turned away, one by one', async () => {
  await using world = await new RemoteWorld().start();
  expect(await ask(world)).toEqual({ status: 101, reason: undefined, replies: 1 });
  expect(await ask(world, { 'Sec-WebSocket-Key': 'short' })).toMatchObject({ status: 400, replies: 0 });
  // What was meant for one who was turned away late is not told to the next.
  expect(await ask(world)).toEqual({ status: 101, reason: undefined, replies: 1 });
  expect(await ask(world, { Origin: 'https://sync.fabrikam.lab' })).toMatchObject({ reason: 'protocol' });
  expect(await ask(world, { Host: 'rebound.example:6949' })).toMatchObject({ reason: 'wrong-service' });
  expect(await ask(world, { 'Sec-WebSocket-Protocol': 'carillon.9' })).toMatchObject({ reason: 'version' });
  expect(await ask(world, { Authorization: 'Basic YTpi' })).toMatchObject({ reason: 'no-ticket' });
  expect(await ask(world, { Authorization: 'Negotiate TlRMTVNTUAAB' })).toMatchObject({ reason: 'protocol' });
  expect(await ask(world, { 'carillon-clock': 'now' })).toMatchObject({ reason: 'protocol' });
  expect(await ask(world, { 'carillon-purpose': 'page' })).toMatchObject({ reason: 'protocol' });
  expect(await ask(world, { 'carillon-proof': Buffer.alloc(32).toString('base64') })).toMatchObject({
    status: 403,
    reason: 'relayed',
  });
  const token = fakeToken(spn, 'alice@FABRIKAM.LAB', 7);
  expect(await ask(world, {}, token)).toMatchObject({ status: 101 });
  expect(await ask(world, {}, token)).toMatchObject({ reason: 'replay' });
  expect(await ask(world, { Connection: 'close', Upgrade: '' })).toMatchObject({ status: 426 });
  // Told in the log by number, once a minute each.
  expect(new Set(world.events.map(({ number }) => number))).toEqual(new Set([7041, 7045, 7047, 7048]));
  expect(world.reported).toEqual([]);
});

test('whoever has another role by now is sent away, and whoever has none', async () => {
  await using world = await new RemoteWorld().start({ proofLifetime: 1000 });
  const first = await world.dial();
  const end = ended(first.port);
  world.roles.set('FABRIKAM\\alice', 'browse');
  world.clock.advance(1000);
  expect(await end).toBe('The role of FABRIKAM\\alice is now browse');
  const second = await world.dial();
  const last = ended(second.port);
  world.roles.clear();
  world.clock.advance(1000);
  expect(await last).toContain('(event 7046)');
});

test('a server that is silent counts as lost within seconds', async () => {
  await using world = await new RemoteWorld().start();
  const clock = new FakeClock(world.clock.now());
  const { port } = await world.dial({ clock });
  const end = ended(port);
  for (let second = 0; second < 20; second += 1) clock.advance(1000);
  expect(await end).toMatch(/has not answered for 1\d seconds/);
});

test('strangers have ten seconds, and the oldest of more than sixty-four has to go', async () => {
  await using world = await new RemoteWorld().start();
  const { port } = world.server;
  const knock = async (from: string) => {
    const socket = connectPlain({ host: '127.0.0.1', port, localAddress: from });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  const strangers = [];
  for (let count = 0; count < 64; count += 1)
    strangers.push(await knock(`127.0.1.${1 + Math.floor(count / 30)}`));
  const [first, second] = strangers;
  if (first === undefined || second === undefined) throw new Error('Nobody knocked');
  const gone = once(first, 'close');
  strangers.push(await knock('127.0.2.1'));
  await gone;
  const late = once(second, 'close');
  world.clock.advance(11_000);
  await late;
  await world.dial();
  for (const socket of strangers) socket.destroy();
});
