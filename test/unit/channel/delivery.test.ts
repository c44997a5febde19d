import { expect, test } from 'vitest';

import { AppError } from '#shared/model/app-error.ts';

import { ChannelWorld, newChange, secret } from './channel-world.ts';
import { FakeClock } from './fake-clock.ts';
import { gate } from './gate.ts';

test('a change arrives whole, with its password and its caller', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender();
  const change = newChange({ account: 'Zoë Müller' });
  const receipt = await sender.send(change, secret('Pässwörd 😀'));
  expect(receipt.trackingId).toBe(change.trackingId);
  expect(world.received).toEqual([
    {
      change,
      password: 'Pässwörd 😀',
      caller: { principal: 'DC1$@FABRIKAM.LAB', account: 'DC1$', domain: 'FABRIKAM' },
    },
  ]);
});

test('the sender hears of it only when the change is on disk', async () => {
  const disk = gate();
  const reached = gate();
  await using world = await new ChannelWorld().start({
    onChange: async () => {
      reached.open();
      await disk.passed;
    },
  });
  const sender = await world.openSender();
  let acknowledged = false;
  const sending = sender.send(newChange(), secret('x')).then(() => {
    acknowledged = true;
  });
  await reached.passed;
  await sender.heartbeat({
    host: 'dc1',
    productVersion: '1',
    queued: 0,
    oldest: undefined,
    lastCaptured: undefined,
  });
  expect(acknowledged).toBe(false);
  disk.open();
  await sending;
});

test('the password is wiped at the receiver, and stays the sender own', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender();
  const password = secret('Correct-Horse-7');
  await sender.send(newChange(), password);
  expect(world.secrets.map(({ wiped }) => wiped)).toEqual([true]);
  expect(Buffer.from(password.bytes).toString()).toBe('Correct-Horse-7');
});

test('a change that the receiver cannot keep is refused with its reason, to be sent again', async () => {
  await using world = await new ChannelWorld().start({
    onChange: () => Promise.reject(new AppError('unavailable', 'The disk is full')),
  });
  const sender = await world.openSender();
  await expect(sender.send(newChange(), secret('x'))).rejects.toMatchObject({
    code: 'refused',
    message: 'The disk is full',
    reach: 'delivery',
    isRemote: true,
  });
  expect(world.reported).toEqual([]);
});

test('a change that no receiver would ever take is refused for good', async () => {
  await using world = await new ChannelWorld().start({
    onChange: () => Promise.reject(new AppError('invalid_input', 'No such domain')),
  });
  const sender = await world.openSender();
  await expect(sender.send(newChange(), secret('x'))).rejects.toMatchObject({ reach: 'change' });
});

test('an unexpected failure is reported at the receiver, and its words do not travel', async () => {
  await using world = await new ChannelWorld().start({
    onChange: () => Promise.reject(new TypeError('internal words')),
  });
  const sender = await world.openSender();
  const error = await sender.send(newChange(), secret('x')).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'refused', reach: 'delivery' });
  expect(String(error)).not.toContain('internal words');
  expect(world.reported).toMatchObject([{ message: 'internal words' }]);
});

test("one account's changes are handled one after the other, other accounts' beside them", async () => {
  const log: string[] = [];
  const slow = gate();
  await using world = await new ChannelWorld().start({
    onChange: async ({ account, version }) => {
      log.push(`begin ${account} ${version}`);
      if (account === 'alice' && version === 1) await slow.passed;
      log.push(`end ${account} ${version}`);
    },
  });
  const sender = await world.openSender();
  const objectGuid = newChange().objectGuid;
  const first = sender.send(newChange({ objectGuid, version: 1 }), secret('a'));
  const second = sender.send(newChange({ objectGuid, version: 2 }), secret('b'));
  await sender.send(newChange({ account: 'bob', version: 1 }), secret('c'));
  expect(log).toEqual(['begin alice 1', 'begin bob 1', 'end bob 1']);
  slow.open();
  await Promise.all([first, second]);
  expect(log.slice(3)).toEqual(['end alice 1', 'begin alice 2', 'end alice 2']);
});

test('a refused change does not hold up the next one of the same account', async () => {
  let calls = 0;
  await using world = await new ChannelWorld().start({
    onChange: async () => {
      calls += 1;
      if (calls === 1) throw new AppError('unavailable', 'busy');
    },
  });
  const sender = await world.openSender();
  const objectGuid = newChange().objectGuid;
  const outcomes = await Promise.allSettled(
    [1, 2].map((version) => sender.send(newChange({ objectGuid, version }), secret('a'))),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('no more than 64 changes are on their way, and more wait their turn in order', async () => {
  const hold = gate();
  let under = 0;
  let most = 0;
  const order: number[] = [];
  await using world = await new ChannelWorld().start({
    onChange: async ({ version }) => {
      order.push(version);
      under += 1;
      most = Math.max(most, under);
      await hold.passed;
      under -= 1;
    },
  });
  const sender = await world.openSender();
  const sending = Array.from({ length: 500 }, (_, version) =>
    sender.send(newChange({ version }), secret('x')),
  );
  while (order.length < 64) await new Promise((resolve) => setImmediate(resolve));
  hold.open();
  await Promise.all(sending);
  expect(most).toBe(64);
  expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index));
});

test('a receiver with its hands full sends changes away, to come again', async () => {
  const hold = gate();
  await using world = await new ChannelWorld().start({ maxInFlight: 1, onChange: () => hold.passed });
  const sender = await world.openSender();
  const first = sender.send(newChange(), secret('x'));
  await expect(sender.send(newChange(), secret('y'))).rejects.toMatchObject({
    code: 'busy',
    reach: 'delivery',
  });
  hold.open();
  await first;
});

test('a heartbeat tells how the sender does, and how far its clock is off', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender({ clock: new FakeClock(world.clock.now() + 120_000) });
  const status = {
    host: 'dc1',
    productVersion: '0.1.0',
    queued: 17,
    oldest: 1_700_000_000_000,
    lastCaptured: undefined,
  };
  const { clockDifferenceMs } = await sender.heartbeat(status);
  expect(Math.round(clockDifferenceMs / 10_000)).toBe(12);
  expect(world.heard).toMatchObject([status]);
  expect(Math.round((world.heard[0]?.clockDifferenceMs ?? 0) / 10_000)).toBe(12);
});

test('a change that cannot travel is refused for good, and the connection lives on', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender();
  const tooLong = secret('x'.repeat(2049));
  await expect(sender.send(newChange(), tooLong)).rejects.toMatchObject({ code: 'invalid', reach: 'change' });
  await expect(sender.send(newChange({ account: 'a\nb' }), secret('x'))).rejects.toMatchObject({
    code: 'invalid',
  });
  await sender.send(newChange(), secret('x'));
  expect(world.received).toHaveLength(1);
});

test('a receiver that loses its patience in the middle of a change gives no acknowledgement', async () => {
  const reached = gate();
  await using world = await new ChannelWorld().start({
    onChange: () => {
      reached.open();
      return new Promise(() => undefined);
    },
  });
  const sender = await world.openSender();
  const sending = sender.send(newChange(), secret('x'));
  const refusal = expect(sending).rejects.toMatchObject({ code: 'closed', isRemote: true });
  await reached.passed;
  await world.stop();
  await refusal;
});
