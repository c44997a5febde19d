import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';

import { expect, test } from 'vitest';

import { startReceiver } from '#channel/receiver.ts';
import { openSender } from '#channel/sender.ts';

import { ChannelWorld, newChange, secret, spn, testIdentity } from './channel-world.ts';
import { RawSender } from './raw-sender.ts';

test('a stranger has ten seconds', async () => {
  await using world = await new ChannelWorld().start();
  const { clock } = world;
  const raw = await RawSender.connect(world.receiver.port);
  const silent = connectPlain(world.receiver.port, '127.0.0.1');
  await once(silent, 'connect');
  const sender = await world.openSender({ clock });
  clock.advance(9000);
  expect(raw.socket.destroyed).toBe(false);
  const ends = [raw.closed, once(silent.resume(), 'close')];
  clock.advance(2000);
  await Promise.all(ends);
  await sender.send(newChange(), secret('x'));
});

test('a sender that lets a frame drip is cut off', async () => {
  await using world = await new ChannelWorld().start();
  const { clock } = world;
  const raw = await RawSender.connect(world.receiver.port);
  await raw.authenticate(spn);
  // The header of a change, and then one byte now and then.
  raw.socket.write(Uint8Array.of(0, 0, 1, 0, 5));
  for (let second = 0; second < 33; second += 1) {
    if (!raw.socket.destroyed) raw.socket.write(Uint8Array.of(0));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
  }
  await raw.closed;
});

test('strangers make room for the next one, and senders that are proven stay', async () => {
  await using world = await new ChannelWorld().start({ maxPerAddress: 200 });
  const sender = await world.openSender();
  const strangers = Array.from({ length: 70 }, () => connectPlain(world.receiver.port, '127.0.0.1').resume());
  await Promise.all(strangers.slice(0, 6).map((stranger) => once(stranger, 'close')));
  await sender.send(newChange(), secret('x'));
  await expect(world.openSender()).resolves.toBeDefined();
  for (const stranger of strangers) stranger.destroy();
});

test('one address cannot take all connections', async () => {
  await using world = await new ChannelWorld().start({ maxPerAddress: 3 });
  const held = await Promise.all([1, 2, 3].map(() => RawSender.connect(world.receiver.port)));
  await expect(openSender(world.senderOptions())).rejects.toMatchObject({
    code: expect.stringMatching(/lost|unreachable/),
  });
  for (const { socket } of held) socket.destroy();
});

test('the receiver does not start where the replay cache of Kerberos is switched off', async () => {
  process.env['KRB5RCACHENAME'] = 'none:';
  try {
    await expect(
      startReceiver({
        ...new ChannelWorld(),
        host: '127.0.0.1',
        port: 0,
        spn,
        identity: await testIdentity(),
      } as never),
    ).rejects.toMatchObject({ code: 'invalid_configuration' });
  } finally {
    delete process.env['KRB5RCACHENAME'];
  }
});
