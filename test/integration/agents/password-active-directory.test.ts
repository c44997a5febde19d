import { afterAll, beforeAll, expect, test } from 'vitest';

import type { AttributeChange } from '#directory/request-writer.ts';
import { textOf } from '#directory/search-entry.ts';
import type { PasswordFailure } from '#shared/model/password-failure.ts';
import { type Account, activeDirectoryScene, secret, unicodePassword } from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const scene = activeDirectoryScene(sharedLab().samba);
const signal = new AbortController().signal;
const plain = { unlock: false, mustChange: false };
/** One day after 1601. */
const longPast = '864000000000';

beforeAll(() => scene.open());
afterAll(async () => {
  await setThreshold('0');
  await scene.close();
});

function replace(attribute: string, value: string): AttributeChange {
  return { operation: 'replace', attribute, values: [value] };
}

function setThreshold(value: string) {
  return scene.admin.modify(scene.suffix, [replace('lockoutThreshold', value)]);
}

async function read({ dn }: Account, attribute: string): Promise<string | undefined> {
  const request = { base: dn, scope: 'base', filter: '(objectClass=*)', attributes: [attribute] } as const;
  const [entry] = await scene.admin.searchEntries(request);
  return entry === undefined ? undefined : textOf(entry, attribute);
}

/** Locks the account with three wrong sign-ins; the threshold must stand at three. */
async function lock(account: Account): Promise<void> {
  for (let count = 0; count < 3; count += 1) expect(await scene.binds(account.dn, 'wrong')).toBe(false);
  expect(Number(await read(account, 'lockoutTime'))).toBeGreaterThan(0);
}

test.each([
  ['the wrong password', '52e', undefined, /user name or password is wrong/],
  ['a disabled account', '533', replace('userAccountControl', '514'), /disabled/],
  ['an expired account', '701', replace('accountExpires', longPast), /expired/],
  ['a password to be changed', '773', replace('pwdLastSet', '0'), /must change/],
] as const)('an agent with %s is told by sub-code %s', async (_what, code, change, cause) => {
  const agent = await scene.create('The-agents-own-1');
  if (change !== undefined) await scene.admin.modify(agent.dn, [change]);
  const userPassword = change === undefined ? 'Wrong-one-1' : 'The-agents-own-1';
  const failure: PasswordFailure = await scene
    .target({ user: agent.dn, userPassword })
    .probe(signal)
    .then(
      () => {
        throw new Error('It signed in');
      },
      (error) => error,
    );
  expect(failure).toMatchObject({ word: 'ma-credentials-failure', message: expect.stringMatching(cause) });
  expect(failure.serverText).toContain(`data ${code}`);
  expect(failure.fix).toMatch(/\.$|set-password/);
});

test('an agent whose account is locked is told by sub-code 775', async () => {
  await setThreshold('3');
  const agent = await scene.create('The-agents-own-1');
  await lock(agent);
  await expect(
    scene.target({ user: agent.dn, userPassword: 'The-agents-own-1' }).probe(signal),
  ).rejects.toMatchObject({
    word: 'ma-credentials-failure',
    serverText: expect.stringContaining('data 775'),
    message: expect.stringMatching(/locked/),
  });
});

test('a set leaves a locked account locked unless it is to unlock', async () => {
  await setThreshold('3');
  const account = await scene.create('Before-the-set-1');
  await lock(account);
  const target = scene.target();
  await target.setPassword(account.connector, secret('After-the-set-1'), plain, signal);
  expect(Number(await read(account, 'lockoutTime'))).toBeGreaterThan(0);
  expect(await target.verifyPassword(account.connector, secret('After-the-set-1'), signal)).toEqual({
    verdict: 'not-possible',
    reason: 'The account is locked',
  });
  await target.setPassword(
    account.connector,
    secret('After-the-set-2'),
    { unlock: true, mustChange: false },
    signal,
  );
  expect(await target.verifyPassword(account.connector, secret('After-the-set-2'), signal)).toEqual({
    verdict: 'verified',
  });
});

test('a proof never makes the failed sign-in that locks', async () => {
  await setThreshold('3');
  const account = await scene.create('Before-the-set-1');
  // A target of its own: another one may still remember the threshold of the test before.
  const verify = () => scene.target().verifyPassword(account.connector, secret('wrong'), signal);
  expect(await verify()).toEqual({ verdict: 'rejected' });
  expect(await verify()).toEqual({ verdict: 'rejected' });
  expect(await verify()).toEqual({
    verdict: 'not-possible',
    reason: 'One more failed sign-in could lock the account',
  });
  expect(await read(account, 'badPwdCount')).toBe('2');
  expect(await scene.binds(account.dn, 'Before-the-set-1')).toBe(true);
});

test.each([
  ['disabled', replace('userAccountControl', '514'), /disabled/],
  ['expired', replace('accountExpires', longPast), /expired/],
  ['one that needs a smart card', replace('userAccountControl', '262656'), /smart card/],
] as const)('a proof is not tried on an account that is %s', async (_what, change, reason) => {
  const account = await scene.create('Before-the-set-1');
  await scene.admin.modify(account.dn, [change]);
  const target = scene.target();
  await target.setPassword(account.connector, secret('After-the-set-1'), plain, signal);
  expect(await target.verifyPassword(account.connector, secret('After-the-set-1'), signal)).toEqual({
    verdict: 'not-possible',
    reason: expect.stringMatching(reason),
  });
});

test('an account that must change its password proves it by the refusal', async () => {
  const account = await scene.create('Before-the-set-1');
  const target = scene.target();
  await target.setPassword(
    account.connector,
    secret('After-the-set-1'),
    { unlock: false, mustChange: true },
    signal,
  );
  expect(await target.verifyPassword(account.connector, secret('After-the-set-1'), signal)).toEqual({
    verdict: 'verified',
  });
  expect(await target.verifyPassword(account.connector, secret('wrong'), signal)).toEqual({
    verdict: 'rejected',
  });
});

test('a set and its unlocking hold or fail together', async () => {
  const account = await scene.create('Before-the-set-1');
  await expect(
    scene
      .target()
      .setPassword(account.connector, secret('short'), { unlock: true, mustChange: true }, signal),
  ).rejects.toMatchObject({ word: 'new-password-violate-policy' });
  expect(await read(account, 'pwdLastSet')).not.toBe('0');
});

test('a password that is not UTF-8 is ill-formed and never sent', async () => {
  const account = await scene.create('Before-the-set-1');
  const bytes = secret('xx');
  bytes.bytes.set([0xc3, 0x28]);
  await expect(scene.target().setPassword(account.connector, bytes, plain, signal)).rejects.toMatchObject({
    word: 'new-password-ill-formed',
    certainty: 'not-applied',
  });
});

test('a value without quotes is refused by the domain as ill-formed', async () => {
  const account = await scene.create('Before-the-set-1');
  const naked = unicodePassword('After-the-set-1').subarray(2, -2);
  await expect(
    scene.admin.modify(account.dn, [{ operation: 'replace', attribute: 'unicodePwd', values: [naked] }]),
  ).rejects.toMatchObject({ code: 53, win32: 0x2035 });
});
