import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';

import { expect, test } from 'vitest';

import { ChannelError } from '#channel/channel-error.ts';
import { openSender } from '#channel/sender.ts';
import { KerberosError } from '#directory/kerberos-error.ts';

import { ChannelWorld, newChange, secret, spn } from './channel-world.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeKerberos, fakeToken } from './fake-kerberos.ts';
import { RawSender } from './raw-sender.ts';

test('a sender of another protocol version is told so', async () => {
  await using world = await new ChannelWorld().start();
  const raw = await RawSender.connect(world.receiver.port);
  raw.hello(spn, { version: 2 });
  expect(await raw.bye()).toMatchObject({ code: 'version' });
});

test('a sender that wants another service is refused by name', async () => {
  await using world = await new ChannelWorld().start();
  const opening = world.openSender({ spn: 'ENTSSO/intsvr1.fabrikam.lab' });
  await expect(opening).rejects.toMatchObject({ code: 'wrong-service', event: 6025, isRemote: true });
  await expect(opening).rejects.toThrow('ENTSSO/intsvr1.fabrikam.lab');
});

test('a sender that uses the short form of the name is told so', async () => {
  await using world = await new ChannelWorld().start();
  await expect(world.openSender({ spn: 'PCNSCLNT/INTSVR1' })).rejects.toMatchObject({ code: 'spn-form' });
});

test('names are compared without regard to case, as the directory does', async () => {
  await using world = await new ChannelWorld().start();
  await expect(world.openSender({ spn: 'pcnsclnt/INTSVR1.Fabrikam.Lab' })).resolves.toBeDefined();
});

test('a ticket for a sister service of the same account is refused by name', async () => {
  await using world = await new ChannelWorld().start();
  world.kerberos.ticketFor = 'ENTSSO/intsvr1.fabrikam.lab';
  const opening = world.openSender();
  await expect(opening).rejects.toMatchObject({ code: 'wrong-service' });
  await expect(opening).rejects.toThrow('The ticket is for ENTSSO/intsvr1.fabrikam.lab');
});

test('a token that is no Kerberos ticket is refused', async () => {
  await using world = await new ChannelWorld().start();
  const raw = await RawSender.connect(world.receiver.port);
  await raw.authenticate(spn, new TextEncoder().encode('NTLMSSP'));
  expect(raw.frames.at(-1)).toMatchObject({ kind: 'bye', code: 'protocol' });
});

test.each([
  ['ahead of', 301_000],
  ['behind', -301_000],
])("a clock more than five minutes %s the receiver's is refused with its own code", async (side, offset) => {
  await using world = await new ChannelWorld().start();
  const clock = new FakeClock(world.clock.now() + offset);
  const opening = world.openSender({ clock });
  await expect(opening).rejects.toMatchObject({ code: 'clock-skew', event: 6025 });
  await expect(opening).rejects.toThrow(`301 s ${side}`);
  expect(world.events).toMatchObject([{ number: 7039 }]);
});

test('a clock within five minutes is taken', async () => {
  await using world = await new ChannelWorld().start();
  await expect(
    world.openSender({ clock: new FakeClock(world.clock.now() + 295_000) }),
  ).resolves.toBeDefined();
});

test('the bytes of one authentication are worth nothing on a second connection', async () => {
  await using world = await new ChannelWorld().start();
  const token = fakeToken(spn, 'DC1$@FABRIKAM.LAB', 42);
  const first = await RawSender.connect(world.receiver.port);
  expect(await first.authenticate(spn, token)).toMatchObject({ kind: 'authenticated' });
  const second = await RawSender.connect(world.receiver.port);
  expect(await second.authenticate(spn, token)).toMatchObject({ kind: 'bye', code: 'replay' });
});

test('a token that was carried over from another TLS session is refused', async () => {
  await using world = await new ChannelWorld().start();
  const raw = await RawSender.connect(world.receiver.port);
  const answer = await raw.authenticate(spn, undefined, { binding: new Uint8Array(32) });
  expect(answer).toMatchObject({ kind: 'bye', code: 'relayed' });
});

test('a caller who did not ask for mutual authentication is refused', async () => {
  await using world = await new ChannelWorld().start();
  world.kerberos.reply = new Uint8Array();
  await expect(world.openSender()).rejects.toMatchObject({ code: 'not-mutual' });
});

test('a receiver that cannot prove itself by Kerberos gets no password, though its key is pinned', async () => {
  await using world = await new ChannelWorld().start();
  world.kerberos.reply = new TextEncoder().encode('not from this service');
  await expect(world.openSender()).rejects.toMatchObject({ code: 'not-mutual', isRemote: false });
  expect(world.received).toEqual([]);
});

test.each([
  ['no-ticket', 'token', false],
  ['wrong-realm', 'token', false],
  ['no-kdc', 'token', false],
  ['no-keytab', 'accept', true],
  ['wrong-key', 'accept', true],
  ['clock-skew', 'accept', true],
] as const)('%s is named as such, on the side where it was found', async (code, call, isRemote) => {
  await using world = await new ChannelWorld().start();
  world.kerberos.failure = { call, error: new KerberosError(code, `Kerberos says ${code}`) };
  const error = await world.openSender().catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code,
    isRemote,
    event: 6025,
    reach: 'target',
    message: expect.stringContaining(code),
  });
});

test('a name that Kerberos does not find is looked up in the directory', async () => {
  await using world = await new ChannelWorld().start();
  const error = new KerberosError('spn-missing', 'Server not found in Kerberos database');
  world.kerberos.failure = { call: 'token', error };
  const diagnose = async (name: string) =>
    ({ code: 'spn-duplicate', message: `${name} stands on 2 accounts`, fix: 'Remove one' }) as const;
  await expect(world.openSender({ diagnose })).rejects.toMatchObject({
    code: 'spn-duplicate',
    fix: 'Remove one',
  });
  world.kerberos.failure = { call: 'token', error };
  const fails = () => Promise.reject(new Error('no directory'));
  await expect(world.openSender({ diagnose: fails })).rejects.toMatchObject({ code: 'spn-missing' });
});

test('who is no domain controller is refused, and the event log says so once a minute', async () => {
  await using world = await new ChannelWorld().start({
    proveCaller: (principal) => {
      throw new ChannelError('not-a-domain-controller', `${principal} is refused: it is no computer account`);
    },
  });
  const kerberos = new FakeKerberos('alice@FABRIKAM.LAB');
  for (let round = 0; round < 3; round += 1)
    await expect(world.openSender({ kerberos })).rejects.toMatchObject({ event: 6914, isRemote: true });
  expect(world.events).toMatchObject([
    { number: 6914, message: expect.stringContaining('alice@FABRIKAM.LAB') },
  ]);
  world.clock.advance(60_000);
  await expect(world.openSender({ kerberos, clock: world.clock })).rejects.toMatchObject({ event: 6914 });
  expect(world.events[1]?.message).toContain('2 more before');
});

test('nothing but a greeting is taken first, and nothing but a token next', async () => {
  await using world = await new ChannelWorld().start();
  const change = { kind: 'change', sequence: 1, change: newChange(), password: new Uint8Array(3) } as const;
  const first = await RawSender.connect(world.receiver.port);
  first.send(change);
  expect(await first.bye()).toMatchObject({
    code: 'protocol',
    message: expect.stringContaining('A change has no place'),
  });
  const second = await RawSender.connect(world.receiver.port);
  second.hello(spn);
  await second.next();
  second.send(change);
  expect(await second.bye()).toMatchObject({ code: 'protocol' });
  const third = await RawSender.connect(world.receiver.port);
  await third.authenticate(spn);
  third.hello(spn);
  expect(await third.bye()).toMatchObject({ code: 'protocol' });
  expect(world.received).toEqual([]);
});

test('a change is not taken while its sender is not proven yet', async () => {
  let prove: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    prove = resolve;
  });
  await using world = await new ChannelWorld().start({
    proveCaller: async (principal) => {
      await gate;
      return { principal, account: 'DC1$', domain: 'FABRIKAM' };
    },
  });
  const raw = await RawSender.connect(world.receiver.port);
  const answer = raw.authenticate(spn);
  raw.socket.once('data', () =>
    setImmediate(() =>
      raw.send({ kind: 'change', sequence: 1, change: newChange(), password: new Uint8Array(3) }),
    ),
  );
  expect(await answer).toMatchObject({ kind: 'bye', code: 'protocol' });
  prove?.();
  expect(world.received).toEqual([]);
});

test('frames that are missing or come twice end the connection', async () => {
  await using world = await new ChannelWorld().start();
  for (const numbers of [[2], [1, 1], [1, 3], [0]]) {
    const raw = await RawSender.connect(world.receiver.port);
    await raw.authenticate(spn);
    for (const sequence of numbers)
      raw.send({ kind: 'change', sequence, change: newChange(), password: new Uint8Array(3) });
    expect(await raw.bye(), String(numbers)).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('was due'),
    });
  }
});

test('a domain controller that speaks for another domain is refused with event 6914', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender();
  const sending = sender.send(newChange({ domain: 'NORTHWIND' }), secret('x'));
  await expect(sending).rejects.toMatchObject({ code: 'not-a-domain-controller', event: 6914 });
  expect(world.received).toEqual([]);
  expect(world.events).toMatchObject([{ number: 6914 }]);
});

test('a key that is not the pinned one is refused with both fingerprints', async () => {
  await using world = await new ChannelWorld().start();
  const other = 'sha256/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=';
  const error = await openSender({ ...world.senderOptions(), pin: other }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'pin-mismatch', event: 6025 });
  expect(String(error)).toContain(other);
  expect(String(error)).toContain(world.receiver.fingerprint);
});

test('a fingerprint that is none is a mistake in the settings, event 6027', async () => {
  await using world = await new ChannelWorld().start();
  await expect(openSender({ ...world.senderOptions(), pin: 'sha1/abc' })).rejects.toMatchObject({
    code: 'misconfigured',
    event: 6027,
  });
});

test('a receiver that speaks an older TLS, or none, is refused, and so are such senders', async () => {
  await using world = await new ChannelWorld().start();
  const { port } = world.receiver;
  const old = connect({ host: '127.0.0.1', port, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  const [error] = (await once(old, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toMatch(/PROTOCOL_VERSION/);
  const plain = connectPlain(port, '127.0.0.1');
  plain.write('GET / HTTP/1.1\r\n\r\n');
  await once(plain.resume(), 'close');
});

test('an address where nobody listens is unreachable', async () => {
  const world = await new ChannelWorld().start();
  const options = world.senderOptions();
  await world[Symbol.asyncDispose]();
  await expect(openSender(options)).rejects.toMatchObject({ code: 'unreachable', event: 6025 });
});
