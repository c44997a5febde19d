import { expect, test } from 'vitest';

import type { PasswordFailureWord } from '#shared/model/password-failure.ts';
import { settled } from '#test/engine-clock.ts';
import { EngineWorld, targetConnector } from '#test/engine-world.ts';

const minute = 60_000;

test('a failed attempt is tried again after the retry interval, with event 6901', async () => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'fail', word: 'server-busy' });
  const delivery = await world.deliver('New1');
  expect(delivery).toMatchObject({
    state: 'waiting',
    attempts: 1,
    log: [{ result: 'server-busy', event: 6901 }],
  });
  world.target.script = () => ({ kind: 'set' });
  await world.clock.move(minute - 1);
  expect(delivery.state).toBe('waiting');
  await world.clock.move(1);
  expect(delivery).toMatchObject({ outcome: 'delivered', attempts: 2 });
  expect(world.numbers).toEqual([6903, 6907, 6901, 6902]);
});

test('the failure that uses the retry count up parks the delivery with event 6908 and keeps its password', async () => {
  const world = await EngineWorld.start({ password: { retryCount: 3, retryInterval: 5 } });
  world.target.script = () => ({ kind: 'fail', word: 'access-denied' });
  const delivery = await world.deliver('New1');
  await world.clock.move(60_000);
  expect(world.target.sets).toBe(3);
  expect(delivery).toMatchObject({ state: 'parked', event: 6908, attempts: 3 });
  expect(delivery.sealed).toBeDefined();
  expect(delivery.log.map(({ event }) => event)).toEqual([6901, 6901, 6908]);
  expect(world.numbers.slice(2)).toEqual([6901, 6901, 6908]);
});

test('a parked delivery that is released is due at once with its attempts counted anew', async () => {
  const world = await EngineWorld.start({ password: { retryCount: 1 } });
  world.target.script = () => ({ kind: 'fail', word: 'access-denied' });
  const delivery = await world.deliver('New1');
  expect(delivery.state).toBe('parked');
  world.target.script = () => ({ kind: 'set' });
  expect(await world.engine.release([delivery.id])).toBe(1);
  await settled();
  expect(delivery).toMatchObject({ outcome: 'delivered', attempts: 1 });
});

test('a delivery that an administrator parks waits, sealed, until it is released', async () => {
  const world = await EngineWorld.start({ password: { retryCount: 3, retryInterval: 60 } });
  world.target.script = () => ({ kind: 'fail', word: 'access-denied' });
  const delivery = await world.deliver('New1');
  expect(delivery.state).toBe('waiting');
  expect(await world.engine.park([delivery.id, 999], 'Wait for the migration')).toBe(1);
  expect(await world.engine.park([delivery.id], 'Twice')).toBe(0);
  expect(delivery).toMatchObject({ state: 'parked', event: 7017, reason: 'Wait for the migration' });
  expect(delivery.sealed).toBeDefined();
  expect(world.numbers.at(-1)).toBe(7017);
  world.target.script = () => ({ kind: 'set' });
  await world.clock.move(3_600_000);
  expect(delivery.state).toBe('parked');
  await world.engine.release([delivery.id]);
  await settled();
  expect(delivery).toMatchObject({ outcome: 'delivered' });
});

test.each<[PasswordFailureWord, number]>([
  ['new-password-violate-policy', 6927],
  ['new-password-ill-formed', 6927],
  ['object-not-found', 6923],
  ['ma-feature-not-supported', 6928],
  ['ma-object-type-not-supported', 6928],
  ['ma-not-configured', 6922],
  ['password-sync-disabled', 6921],
])('%s ends a delivery as refused with %i at its first try', async (word, event) => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'fail', word });
  const delivery = await world.deliver('New1');
  expect(delivery).toMatchObject({ outcome: 'refused', event, sealed: undefined, attempts: 1 });
  expect(delivery.reason).toContain(`Scripted ${word}`);
  await world.clock.move(10 * minute);
  expect(world.target.sets).toBe(1);
});

test.each<[PasswordFailureWord, number]>([
  ['access-denied', 6901],
  ['ma-credentials-failure', 6901],
  ['time-difference-at-dc', 6901],
  ['server-down', 6901],
  ['timeout', 6901],
  ['object-locked', 7013],
  ['not-verified', 7009],
  ['extension-error', 6901],
])('%s is retried and reported as %i', async (word, event) => {
  const world = await EngineWorld.start();
  world.target.script = () => ({ kind: 'fail', word });
  expect(await world.deliver('New1')).toMatchObject({ state: 'waiting', attempts: 1 });
  expect(world.numbers.at(-1)).toBe(event);
});

test('a connection that is not protected as required fails before anything is sent', async () => {
  const world = await EngineWorld.start();
  world.target.secure = false;
  const delivery = await world.deliver('New1');
  expect(delivery.log).toMatchObject([{ result: 'ma-encryption-not-enabled', event: 6901 }]);
  expect([world.target.sets, world.seal.opened.length]).toEqual([0, 0]);
  world.configureTarget({ requireSecureConnection: false });
  await world.clock.move(minute);
  expect(delivery.outcome).toBe('delivered');
});

test('a password that the target then does not accept is a failed attempt, 7009', async () => {
  const world = await EngineWorld.start();
  world.target.proof = () => ({ verdict: 'rejected' });
  const delivery = await world.deliver('New1');
  expect(delivery.log).toMatchObject([{ result: 'not-verified', event: 7009 }]);
  world.target.proof = undefined;
  await world.clock.move(minute);
  expect(delivery).toMatchObject({ outcome: 'delivered', verification: 'verified' });
});

test('where no proof is possible the reason is on record, and where it is switched off too', async () => {
  const world = await EngineWorld.start();
  world.target.proof = () => ({ verdict: 'not-possible', reason: 'The account is locked' });
  expect((await world.deliver('New1')).verification).toBe('not possible: The account is locked');
  world.target.proof = () => {
    throw new Error('secret words');
  };
  expect((await world.deliver('New2')).verification).toBe(
    'not possible: The target failed unexpectedly (Error)',
  );
  world.configureTarget({ verify: false });
  expect((await world.deliver('New3')).verification).toBe('switched off');
  expect(world.target.proofs).toBe(2);
});

test('unlock and must-change go to the target as set', async () => {
  const world = await EngineWorld.start({ password: { unlock: true, mustChange: true } });
  await world.deliver('New1');
  expect(world.target.options).toMatchObject([{ unlock: true, mustChange: true }]);
});

test('no opened password outlives its attempt', async () => {
  const world = await EngineWorld.start({ people: 20 });
  world.target.script = ({ id }) =>
    id % 2 === 0 ? { kind: 'set' } : { kind: 'fail', word: 'server-busy', after: 5 };
  await Promise.all(Array.from({ length: 20 }, (_, index) => world.receive('New1', { person: index + 1 })));
  await world.clock.move(100);
  expect(world.seal.opened.length).toBe(20);
  expect(world.seal.opened.every(({ wiped }) => wiped)).toBe(true);
});

test('a delivery whose object was disconnected meanwhile is refused with 7012', async () => {
  const world = await EngineWorld.start();
  world.configureTarget({ hold: true });
  const delivery = await world.deliver('New1');
  world.connectors.splice(1, 1);
  world.configureTarget({ hold: false });
  await settled();
  expect(delivery).toMatchObject({ outcome: 'refused', event: 7012 });
});

test('a sealed password that does not open parks its delivery with 7014 and holds up no other', async () => {
  const world = await EngineWorld.start({ people: 2 });
  world.configureTarget({ hold: true });
  const first = await world.deliver('New1');
  const second = await world.deliver('New2', { person: 2 });
  first.sealed = second.sealed;
  world.configureTarget({ hold: false });
  await settled();
  expect([first.state, first.event, second.outcome]).toEqual(['parked', 7014, 'delivered']);
  expect(world.target.passwords.has(targetConnector(1))).toBe(false);
  await world.clock.move(10 * minute);
  expect(world.numbers.filter((number) => number === 7014)).toHaveLength(1);
});

test('what is told of a delivery holds no password, sealed or not', async () => {
  const world = await EngineWorld.start();
  world.target.script = (_, password) =>
    password === 'Canary-1' ? { kind: 'fail', word: 'server-busy' } : { kind: 'set' };
  await world.deliver('Canary-1');
  await world.deliver('Canary-2');
  const told = JSON.stringify([world.events, world.observations]);
  expect(told).not.toContain('Canary');
  expect(world.observations.map(({ kind }) => kind)).toEqual([
    'received',
    'attempted',
    'postponed',
    'received',
    'attempted',
    'settled',
  ]);
});
