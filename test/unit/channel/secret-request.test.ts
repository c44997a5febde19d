import { expect, test } from 'vitest';

import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { ChannelWorld, newChange, secret } from './channel-world.ts';

test('a proven caller gets the master secret whole, beside its changes, and the given one is wiped', async () => {
  const given: SecretBytes[] = [];
  const callers: string[] = [];
  await using world = await new ChannelWorld().start({
    onSecretRequest: async ({ principal }) => {
      callers.push(principal);
      const keys = SecretBytes.take(Uint8Array.from({ length: 600 }, (_, index) => index));
      given.push(keys);
      return keys;
    },
  });
  const sender = await world.openSender();
  const [first, , second] = await Promise.all([
    sender.requestSecret(),
    sender.send(newChange(), secret('x')),
    sender.requestSecret(),
  ]);
  for (const keys of [first, second]) {
    expect(Array.from(keys.bytes)).toEqual(Array.from({ length: 600 }, (_, index) => index % 256));
    keys.wipe();
  }
  expect(callers).toEqual(['DC1$@FABRIKAM.LAB', 'DC1$@FABRIKAM.LAB']);
  expect(given.every(({ wiped }) => wiped)).toBe(true);
});

test('a caller who may not have it hears why, and the connection goes on', async () => {
  await using world = await new ChannelWorld().start({
    onSecretRequest: async () => {
      throw new AppError('forbidden', 'DC1$ is no server of the system');
    },
  });
  const sender = await world.openSender();
  await expect(sender.requestSecret()).rejects.toThrow('DC1$ is no server of the system');
  await sender.send(newChange(), secret('x'));
  expect(world.reported).toEqual([]);
});

test('a receiver that keeps no master secret, or fails inside, says no more than that', async () => {
  await using without = await new ChannelWorld().start();
  await expect((await without.openSender()).requestSecret()).rejects.toThrow('keeps no master secret');
  await using failing = await new ChannelWorld().start({
    onSecretRequest: () => Promise.reject(new Error('the inner reason')),
  });
  await expect((await failing.openSender()).requestSecret()).rejects.toThrow('failed inside');
  expect(failing.reported).toHaveLength(1);
});
