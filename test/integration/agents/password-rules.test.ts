import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { PasswordTarget, SetOptions } from '#engine/password-target.ts';
import type { PasswordFailure } from '#shared/model/password-failure.ts';
import {
  type Account,
  activeDirectoryScene,
  ds389Scene,
  openLdapScene,
  type PasswordScene,
  secret,
} from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();
const plain: SetOptions = { unlock: false, mustChange: false };
const signal = new AbortController().signal;

const scenes = [
  ['Active Directory', activeDirectoryScene(samba)],
  ['OpenLDAP', openLdapScene(openldap)],
  ['OpenLDAP as any directory', openLdapScene(openldap, 'generic')],
  ['389 Directory Server', ds389Scene(ds389)],
] as const;

async function failureOf(work: Promise<unknown>): Promise<PasswordFailure> {
  return work.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: PasswordFailure) => error,
  );
}

function set(
  target: PasswordTarget,
  { connector }: Pick<Account, 'connector'>,
  password: string,
  options = plain,
) {
  return target.setPassword(connector, secret(password), options, signal);
}

describe.each(scenes)('%s', (name, scene: PasswordScene) => {
  beforeAll(() => scene.open());
  afterAll(() => scene.close());

  test('a password that was set signs in and the old one does not', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    await set(target, account, 'After-the-set-1');
    expect(await scene.binds(account.dn, 'After-the-set-1')).toBe(true);
    expect(await target.verifyPassword(account.connector, secret('After-the-set-1'), signal)).toEqual({
      verdict: 'verified',
    });
    expect(await scene.binds(account.dn, 'Before-the-set-1')).toBe(false);
  });

  test.each([
    ['letters of other alphabets', 'Größe-Ελλάδα-鍵-1'],
    ['an emoji', 'Smile-😀👍🏽-1'],
    ['127 characters', `Aa1-${'x'.repeat(123)}`],
    ['quotes, backslashes and spaces', `  "a' \\b\\00*(c)#,=  1A`],
  ])('a password of %s arrives as it is', async (_what, password) => {
    const account = await scene.create('Before-the-set-1');
    await set(scene.target(), account, password);
    expect(await scene.binds(account.dn, password)).toBe(true);
  });

  test('a password that is too short is refused in the words of the server', async () => {
    const account = await scene.create('Before-the-set-1');
    const failure = await failureOf(set(scene.target(), account, 'a1A'));
    expect(failure).toMatchObject({ word: 'new-password-violate-policy', certainty: 'not-applied' });
    expect(failure.serverText).toMatch(/19 constraintViolation: .+/);
    expect(failure.message).not.toContain('a1A');
    expect(await scene.binds(account.dn, 'Before-the-set-1')).toBe(true);
  });

  test('a change needs the old password', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    const change = (old: string, next: string) =>
      target.changePassword(account.connector, secret(old), secret(next), signal);
    expect(await failureOf(change('Wrong-old-one-1', 'After-the-change-1'))).toMatchObject({
      word: 'bad-password',
      certainty: 'not-applied',
    });
    await change('Before-the-set-1', 'After-the-change-1');
    expect(await scene.binds(account.dn, 'After-the-change-1')).toBe(true);
  });

  test('a password from the history is refused in a change', async () => {
    const account = await scene.create('The-zeroth-one-0');
    const target = scene.target();
    const change = (old: string, next: string) =>
      target.changePassword(account.connector, secret(old), secret(next), signal);
    await change('The-zeroth-one-0', 'The-first-one-1');
    await change('The-first-one-1', 'The-second-one-2');
    // 389 answers a change before it has noted the password that was.
    if (name === '389 Directory Server')
      await expect.poll(() => scene.textsOf(account.dn, 'passwordHistory')).toHaveLength(2);
    expect(await failureOf(change('The-second-one-2', 'The-first-one-1'))).toMatchObject({
      word: 'new-password-violate-policy',
    });
  });

  test('setting the present password once more succeeds', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    await set(target, account, 'Twice-the-same-1');
    await set(target, account, 'Twice-the-same-1');
    expect(await scene.binds(account.dn, 'Twice-the-same-1')).toBe(true);
  });

  test('an object that was renamed since the last import still gets its password', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    const dn = await scene.rename(account, `${account.name}-renamed`);
    await set(target, account, 'After-the-set-1');
    expect(await scene.binds(dn, 'After-the-set-1')).toBe(true);
    expect(await target.verifyPassword(account.connector, secret('After-the-set-1'), signal)).toEqual({
      verdict: 'verified',
    });
    // And once more, now that the target has learnt a name that goes again.
    const next = await scene.rename({ ...account, dn }, `${account.name}-again`);
    await set(target, account, 'After-the-next-1');
    expect(await scene.binds(next, 'After-the-next-1')).toBe(true);
  });

  test('an object that took over the name gets nobody else’s password', async () => {
    const account = await scene.create('Before-the-set-1');
    const other = await scene.create('Belongs-to-other-1');
    const dn = await scene.rename(account, `${account.name}-away`);
    await scene.rename(other, account.name);
    await set(scene.target(), account, 'After-the-set-1');
    expect(await scene.binds(dn, 'After-the-set-1')).toBe(true);
    expect(await scene.binds(account.dn, 'Belongs-to-other-1')).toBe(true);
  });

  test('an object that exists no more is not found', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    await set(target, account, 'After-the-set-1');
    await scene.admin.delete(account.dn);
    for (const some of [target, scene.target()]) {
      expect(await failureOf(set(some, account, 'After-the-end-1'))).toMatchObject({
        word: 'object-not-found',
        certainty: 'not-applied',
      });
    }
  });

  test('an agent without the right is denied', async () => {
    const account = await scene.create('Before-the-set-1');
    const nobody = await scene.create('Has-no-rights-1');
    const target = scene.target({ user: nobody.dn, userPassword: 'Has-no-rights-1' });
    const failure = await failureOf(set(target, account, 'After-the-set-1'));
    // What it may not read does not exist for it.
    expect(['access-denied', 'object-not-found']).toContain(failure.word);
    expect(failure.certainty).toBe('not-applied');
    expect(await scene.binds(account.dn, 'Before-the-set-1')).toBe(true);
  });

  test('an agent whose own password is wrong has failed credentials', async () => {
    const account = await scene.create('Before-the-set-1');
    const wrong = scene.target({ userPassword: 'Not-the-password-1' });
    for (const attempt of [
      () => set(wrong, account, 'After-the-set-1'),
      () => wrong.probe(signal),
      () => wrong.verifyPassword(account.connector, secret('x'), signal),
    ])
      expect(await failureOf(attempt())).toMatchObject({
        word: 'ma-credentials-failure',
        certainty: 'not-applied',
      });
  });

  test('a wrong password is rejected after one try and no more', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    const verify = () => target.verifyPassword(account.connector, secret('Never-was-one-1'), signal);
    expect(await verify()).toEqual({ verdict: 'rejected' });
    if (name === 'Active Directory') return;
    expect(await verify()).toMatchObject({ verdict: 'not-possible', reason: expect.stringMatching(/lock/) });
  });

  test('a demand for a new password comes with the set', async () => {
    const account = await scene.create('Before-the-set-1');
    const target = scene.target();
    await set(target, account, 'After-the-set-1', { unlock: true, mustChange: true });
    const attribute = {
      'Active Directory': 'pwdLastSet',
      OpenLDAP: 'pwdReset',
      'OpenLDAP as any directory': 'pwdReset',
      '389 Directory Server': 'passwordExpirationTime',
    }[name];
    const [entry] = await scene.admin.searchEntries({
      base: account.dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: [attribute],
    });
    const value = Buffer.from(entry?.attributes.get(attribute.toLowerCase())?.[0] ?? []).toString();
    expect(['0', 'TRUE', '19700101000000Z']).toContain(value);
    expect(await target.verifyPassword(account.connector, secret('After-the-set-1'), signal)).toEqual({
      verdict: 'verified',
    });
  });

  test('a certificate of another authority or name stops everything, and the fix says which', async () => {
    const account = await scene.create('Before-the-set-1');
    const foreign = scene.server.caFile === samba.caFile ? openldap.caFile : samba.caFile;
    const untrusted = await failureOf(
      set(scene.target({ connection: { caFile: foreign } }), account, 'After-the-set-1'),
    );
    expect(untrusted).toMatchObject({ word: 'ma-encryption-not-enabled', certainty: 'not-applied' });
    expect(untrusted.fix).toMatch(/caFile/);
    const misnamed = await failureOf(
      set(scene.target({ connection: { serverName: 'other.lab' } }), account, 'After-the-set-1'),
    );
    expect(misnamed).toMatchObject({ word: 'ma-encryption-not-enabled', certainty: 'not-applied' });
    expect(misnamed.fix).toMatch(/serverName/);
  });

  test('sixteen sets share two connections', async () => {
    const accounts = await Promise.all(Array.from({ length: 16 }, () => scene.create('Before-the-set-1')));
    const target = scene.target({ password: { concurrency: 2 } });
    await Promise.all(accounts.map((account) => set(target, account, 'After-the-set-1')));
    const verdicts = await Promise.all(
      accounts.map(({ connector }) => target.verifyPassword(connector, secret('After-the-set-1'), signal)),
    );
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['verified']));
  });

  test('a probe reads the root entry', async () => {
    await expect(scene.target().probe(signal)).resolves.toBeUndefined();
  });
});
