import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { wallClock } from '#channel/channel-clock.ts';
import { dialReceiver } from '#channel/dial-receiver.ts';
import { type PageServer, servePage } from '#host/console/page-server.ts';
import { proveToken, writeNegotiate } from '#host/remote/remote-protocol.ts';
import { type RemoteServer, startRemoteServer } from '#host/remote/remote-server.ts';
import { type Host, startHost } from '#host/start-host.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { grants } from '#shared/rpc/access.ts';
import { lineLimit } from '#shared/rpc/line-decoder.ts';
import { MessagePortLink } from '#shared/rpc/message-port.ts';
import { FakePort } from '#test/fake-port.ts';

import { testIdentity } from '../channel/channel-world.ts';
import { FakeKerberos } from '../channel/fake-kerberos.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-fuzz-'));
let host: Host;
let server: PageServer;
let remote: RemoteServer;
const kerberos = new FakeKerberos('fuzz@FABRIKAM.LAB');
const remoteSpn = 'CARILLON/sync.fabrikam.lab';

/** One connection as a hostile page has it: texts go out, texts come in, and it may be closed at any time. */
interface Wire {
  send(text: string): void;
  isClosed(): boolean;
  /** Resolves at the next answer or at the end. */
  heard(): Promise<void>;
  close(): void;
}

beforeAll(async () => {
  host = await startHost({ dataDirectory: join(folder, 'data') });
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html>');
  server = await servePage({
    folder: join(folder, 'page'),
    ways: { here: (port) => host.attach(port, 'browse', 'fuzz') },
  });
  remote = await startRemoteServer({
    host: '127.0.0.1',
    port: 0,
    spn: remoteSpn,
    identity: await testIdentity(),
    clock: wallClock,
    kerberos,
    prove: async (principal) => ({ principal, account: 'FABRIKAM\\fuzz', access: 'browse' }),
    accept: (port, { access, account }) => host.attach(port, access, account, account),
    events: () => undefined,
    report: (error) => {
      throw error;
    },
  });
});

afterAll(async () => {
  await remote.stop();
  await server.close();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

let cookie: string | undefined;

async function openSocket(take: (text: string) => void): Promise<Wire> {
  const { origin } = new URL(server.address);
  cookie ??= (await fetch(server.address, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0];
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, {
    headers: { Cookie: cookie, Origin: origin },
  });
  const heard = new Waiter();
  socket.on('message', (data) => {
    take(data.toString());
    heard.tell();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => heard.tell());
  await once(socket, 'open');
  return {
    send: (text) => socket.send(text),
    isClosed: () => socket.readyState !== WebSocket.OPEN,
    heard: () => heard.wait(),
    close: () => socket.close(),
  };
}

async function openMessagePort(take: (text: string) => void): Promise<Wire> {
  const [page, engine] = FakePort.pair();
  const link = new MessagePortLink(engine);
  engine.on('message', ({ data }) => link.take(data));
  engine.on('close', () => link.gone('gone'));
  engine.start();
  host.attach(link, 'browse', 'fuzz');
  const heard = new Waiter();
  let received = 0;
  let closed = false;
  page.on('message', ({ data }) => {
    if (typeof data !== 'string') return;
    received += 1;
    if (received % 32 === 0) page.postMessage(received);
    take(data);
    heard.tell();
  });
  page.on('close', () => {
    closed = true;
    heard.tell();
  });
  page.start();
  return {
    send: (text) => page.postMessage(text),
    isClosed: () => closed,
    heard: () => heard.wait(),
    close: () => page.close(),
  };
}

class Waiter {
  #next = Promise.withResolvers<void>();

  tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
  wait(): Promise<void> {
    return this.#next.promise;
  }
}

async function openRemote(take: (text: string) => void): Promise<Wire> {
  const { port, fingerprint } = remote;
  const socket = await dialReceiver(
    { host: '127.0.0.1', port },
    { pin: fingerprint },
    AbortSignal.timeout(60_000),
  );
  const token = await (await kerberos.openInitiator({ spn: remoteSpn })).token();
  const page = new WebSocket(`ws://127.0.0.1:${port}/rpc`, 'carillon.1', {
    createConnection: () => socket,
    headers: {
      Authorization: writeNegotiate(token),
      'carillon-proof': proveToken('caller', socket, remoteSpn, token),
      'carillon-clock': String(Date.now()),
      'carillon-purpose': 'program',
    },
  });
  const heard = new Waiter();
  page.on('message', (data) => {
    take(data.toString());
    heard.tell();
  });
  page.on('error', () => undefined);
  page.on('close', () => heard.tell());
  await once(page, 'open');
  let sent = 0;
  return {
    // Every third as a binary message, now and then with a length before it that does not hold.
    send: (text) => {
      sent += 1;
      if (sent % 3 !== 0) return page.send(text);
      const json = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(sent % 150 === 0 ? json.length + 7 : json.length);
      page.send(Buffer.concat([length, json]));
    },
    isClosed: () => page.readyState !== WebSocket.OPEN,
    heard: () => heard.wait(),
    close: () => page.close(),
  };
}

const methods = Object.entries(carillonContract.methods);
const denied = methods.filter(([, { access }]) => !grants('browse', access)).map(([name]) => name);
const allowed = methods.filter(([, { access }]) => grants('browse', access)).map(([name]) => name);
const id = fc.integer({ min: 1, max: 2 ** 40 });

/** Calls that are refused one by one, and now and then what ends the connection. */
const anyText = fc.oneof(
  {
    weight: 100,
    arbitrary: fc.record({
      t: fc.constant('call'),
      id,
      method: fc.constantFrom(...denied),
      input: fc.jsonValue(),
    }),
  },
  {
    weight: 100,
    arbitrary: fc.record({
      t: fc.constant('call'),
      id,
      method: fc.constantFrom(...allowed, 'toString', '__proto__', 'constructor'),
      input: fc.record({ never: fc.jsonValue() }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      t: fc.constantFrom('subscribe', 'unsubscribe', 'cancel'),
      id,
      topic: fc.string(),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string() },
);
const texts = fc
  .sample(anyText, { numRuns: 10_000, seed: 5 })
  .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

const status = (number: number): string =>
  JSON.stringify({ t: 'call', id: 2 ** 45 + number, method: 'system.status', input: {} });

test.each([
  ['a WebSocket', openSocket],
  ['a message port', openMessagePort],
  ['remote access', openRemote],
] as const)(
  '10,000 malformed frames and calls above the role are refused with a code over %s',
  async (_, open) => {
    const codes = new Map<string, number>();
    let connections = 0;
    const seen = new Set<number>();
    const take = (text: string): void => {
      const answer = JSON.parse(text) as { t: string; id: number; error?: { code: string } };
      seen.add(answer.id);
      const code = answer.error?.code ?? answer.t;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    };
    const connect = (): Promise<Wire> => {
      connections += 1;
      return open(take);
    };
    let wire = await connect();
    for (const [index, text] of texts.entries()) {
      if (wire.isClosed()) wire = await connect();
      wire.send(text);
      if (index % 40 !== 39) continue;
      // Still serving, or closed by what came before.
      wire.send(status(index));
      while (!wire.isClosed() && !seen.has(2 ** 45 + index)) await wire.heard();
    }
    if (wire.isClosed()) wire = await connect();
    wire.send(status(texts.length));
    while (!seen.has(2 ** 45 + texts.length)) await wire.heard();
    wire.close();
    expect([...codes.keys()].sort()).toEqual(['done', 'forbidden', 'invalid_input', 'unknown_method']);
    expect(codes.get('forbidden')).toBeGreaterThan(1000);
    // More than the server has room for at once: what was closed is gone.
    expect(connections).toBeGreaterThan(50);
  },
  180_000,
);

test.each([
  ['a WebSocket', openSocket],
  ['a message port', openMessagePort],
  ['remote access', openRemote],
] as const)('a frame that is too long ends its own connection only, over %s', async (_, open) => {
  const answers: string[] = [];
  const bystander = await open((text) => answers.push(text));
  for (let round = 0; round < 3; round += 1) {
    const wire = await open(() => undefined);
    wire.send(JSON.stringify({ t: 'call', id: 1, method: 'x', input: 'x'.repeat(lineLimit) }));
    while (!wire.isClosed()) await wire.heard();
  }
  bystander.send(status(1));
  while (answers.length === 0) await bystander.heard();
  expect(answers[0]).toContain('"t":"done"');
  bystander.close();
});

test('a message port that nobody reads is congested, and is given up before it fills the memory', () => {
  const sent: unknown[] = [];
  const link = new MessagePortLink({ postMessage: (message) => sent.push(message), close: () => undefined });
  let reason: string | undefined;
  link.closed((why) => {
    reason = why;
  });
  for (let count = 0; count < 300; count += 1) link.send({ count });
  expect(link.congested).toBe(true);
  link.take(300);
  expect(link.congested).toBe(false);
  for (let count = 0; count < 20_000; count += 1) link.send({ count });
  expect(reason).toBe('The peer does not read');
  expect(sent.length).toBeLessThan(10_000);
});

test('an acknowledgement of what was never sent ends the connection', () => {
  const link = new MessagePortLink({ postMessage: () => undefined, close: () => undefined });
  link.take(1);
  expect(link.open).toBe(false);
});
