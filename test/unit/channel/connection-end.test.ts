import { expect, test } from 'vitest';

import { ChannelError } from '#channel/channel-error.ts';

import { ChannelWorld, newChange, secret, spn } from './channel-world.ts';
import { FakeClock } from './fake-clock.ts';
import { gate } from './gate.ts';
import { RawSender } from './raw-sender.ts';

test('a sender that overruns the window is cut off', async () => {
  await using world = await new ChannelWorld().start({ onChange: () => new Promise(() => undefined) });
  const raw = await RawSender.connect(world.receiver.port);
  await raw.authenticate(spn);
  for (let sequence = 1; sequence <= 65; sequence += 1)
    raw.send({ kind: 'change', sequence, change: newChange(), password: new Uint8Array(1) });
  expect(await raw.bye()).toMatchObject({
    code: 'protocol',
    message: expect.stringContaining('More than 64'),
  });
});

test('an answer that does not come in time ends the connection, and the next change opens another', async () => {
  const clock = new FakeClock();
  let silent = true;
  const reached = gate();
  await using world = await new ChannelWorld().start({
    onChange: async () => {
      reached.open();
      if (silent) await new Promise(() => undefined);
    },
  });
  const sender = await world.openSender({ clock, timeouts: { answer: 5000 } });
  const late = [sender.send(newChange(), secret('x')), sender.send(newChange(), secret('y'))];
  const outcomes = Promise.allSettled(late);
  await reached.passed;
  clock.advance(4900);
  silent = false;
  clock.advance(500);
  expect(await outcomes).toMatchObject([
    { reason: { code: 'timeout', event: 4003 } },
    { reason: { code: 'timeout', event: 4003 } },
  ]);
  await sender.send(newChange(), secret('z'));
});

test('after a restart of the receiver the next change goes through', async () => {
  const world = await new ChannelWorld().start();
  const sender = await world.openSender();
  await sender.send(newChange(), secret('x'));
  const { port } = world.receiver;
  await world.receiver.stop();
  await expect(sender.send(newChange(), secret('y'))).rejects.toMatchObject({
    code: 'unreachable',
    reach: 'target',
  });
  await using again = await new ChannelWorld().start({ port, kerberos: world.kerberos });
  const outcomes = await Promise.all([1, 2, 3].map(() => sender.send(newChange(), secret('z'))));
  expect(outcomes).toHaveLength(3);
  expect(again.received).toHaveLength(3);
  expect(again.receiver.connections).toBe(1);
  await sender.close();
});

test('a receiver that stops lets changes under way end first, and takes no new ones', async () => {
  const hold = gate();
  const reached = gate();
  await using world = await new ChannelWorld().start({
    onChange: () => {
      reached.open();
      return hold.passed;
    },
  });
  const sender = await world.openSender();
  const sending = sender.send(newChange(), secret('x'));
  await reached.passed;
  const stopped = world.receiver.stop();
  hold.open();
  await expect(sending).resolves.toMatchObject({ receivedAt: expect.any(Number) });
  await stopped;
});

test('a sender that was closed sends nothing any more', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender();
  await sender.close();
  await expect(sender.send(newChange(), secret('x'))).rejects.toMatchObject({ code: 'closed' });
});

test('an answer that answers nothing ends the connection', async () => {
  await using world = await new ChannelWorld().start();
  const raw = await RawSender.connect(world.receiver.port);
  await raw.authenticate(spn);
  raw.send({ kind: 'ack', sequence: 1, trackingId: newChange().trackingId, receivedAt: 1 });
  expect(await raw.bye()).toMatchObject({ code: 'protocol' });
  await raw.closed;
});

test('a domain controller that was demoted loses its open connection within a minute', async () => {
  let isController = true;
  await using world = await new ChannelWorld().start({
    proveCaller: async (principal) => {
      if (isController) return { principal, account: 'DC1$', domain: 'FABRIKAM' };
      throw new ChannelError('not-a-domain-controller', `${principal} is refused`);
    },
  });
  const sender = await world.openSender();
  isController = false;
  await sender.send(newChange(), secret('x'));
  world.clock.advance(60_000);
  // This one starts the look-up, and may still pass.
  await sender.send(newChange(), secret('y')).catch(() => undefined);
  await expect(sender.send(newChange(), secret('z'))).rejects.toMatchObject({ event: 6914 });
});

test('a directory that is away does not end connections that were proven', async () => {
  let isUp = true;
  await using world = await new ChannelWorld().start({
    proveCaller: async (principal) => {
      if (isUp) return { principal, account: 'DC1$', domain: 'FABRIKAM' };
      throw new ChannelError('not-proven', 'no directory');
    },
  });
  const sender = await world.openSender();
  isUp = false;
  for (let minute = 0; minute < 3; minute += 1) {
    world.clock.advance(60_000);
    await sender.send(newChange(), secret('x'));
  }
  expect(world.received).toHaveLength(3);
});
