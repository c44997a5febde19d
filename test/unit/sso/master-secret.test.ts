import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { ReEncryption } from '#host/sso/re-encryption.ts';
import { SecretDesk } from '#host/sso/secret-desk.ts';
import { refused } from '#test/refused.ts';
import { callers, openSsoWorld, type SsoWorld, secretOf, setUpMapping } from '#test/sso-world.ts';
import { sealedVersion } from '#vault/sealed-box.ts';

const admin = callers.ssoAdministrator;
// Each password costs half a second and 128 MiB by design, several on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function deskOf(world: SsoWorld, keepsSecret = true) {
  const { sso, secret, rows, ports } = world;
  const reEncryption = new ReEncryption({
    secret,
    rows: [rows],
    audit: ports.audit,
    changed: () => undefined,
  });
  const desk = new SecretDesk({
    sso,
    secret,
    rows: [rows],
    reEncryption,
    keepsSecret,
    changed: () => undefined,
  });
  return { desk, reEncryption, file: (name: string) => join(world.folder, name) };
}

async function readPassword(world: SsoWorld): Promise<string> {
  const { fields } = await world.sso.lookups.getCredentials(callers.jdoe, 'SAP');
  return new TextDecoder().decode(fields[0]?.bytes);
}

test('a new master secret seals everything anew, and the previous one is kept', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { desk, reEncryption, file } = deskOf(world);
  expect(await desk.generate(admin, file('one'), secretOf('1234567'), '')).toBe(2);
  await reEncryption.settled();
  for (const { sealed } of world.rows.page(0, 10)) expect(sealedVersion(sealed)).toBe(2);
  expect(world.secret.status).toMatchObject({ current: 2, previous: [1] });
  expect(await readPassword(world)).toBe('Pa55word');
  await world.secret.generate();
  reEncryption.start();
  await reEncryption.settled();
  expect(world.secret.status).toMatchObject({ current: 3, previous: [2] });
  expect(await readPassword(world)).toBe('Pa55word');
  expect(world.events()).toEqual(expect.arrayContaining([10525, 10559, 10562, 10528]));
});

test('generating under load loses no credential', async () => {
  await using world = await openSsoWorld();
  const mapping = await setUpMapping(world, { name: 'SAP' });
  const application = await world.sso.applications.require('SAP');
  const { desk, reEncryption, file } = deskOf(world);
  const generating = desk.generate(admin, file('one'), secretOf('1234567'), '');
  for (let each = 0; each < 50; each += 1) {
    await world.sso.credentials.writePassword(
      application,
      mapping,
      'external',
      secretOf(`p${each}`),
      each + world.clock.now(),
    );
    world.sso.forget();
    expect(await readPassword(world)).toBe(`p${each}`);
  }
  await generating;
  await reEncryption.settled();
  world.sso.forget();
  expect(await readPassword(world)).toBe('p49');
});

test('a backup opens with its password alone, and shows its reminder without', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { desk, file } = deskOf(world);
  await desk.backUp(admin, file('secret'), secretOf('Seven77'), 'the usual');
  expect(await desk.readReminder(admin, file('secret'))).toBe('the usual');
  await expect(desk.test(admin, file('secret'), secretOf('Seven78'))).rejects.toEqual(refused(10779));
  await expect(desk.test(admin, file('nothing'), secretOf('Seven77'))).rejects.toEqual(refused(10784));
  expect(await desk.test(admin, file('secret'), secretOf('Seven77'))).toEqual({
    secrets: [1],
    hasCurrent: true,
    lost: 0,
  });
  await world.secret.generate();
  expect(await desk.test(admin, file('secret'), secretOf('Seven77'))).toMatchObject({ hasCurrent: false });
  expect(readFileSync(file('secret')).includes('Seven77')).toBe(false);
});

test('the limits of a backup are those of its passwords and reminders', async () => {
  await using world = await openSsoWorld();
  const { desk, file } = deskOf(world);
  const backUp = (password: string, reminder = '') =>
    desk.backUp(admin, file('x'), secretOf(password), reminder);
  await expect(backUp('sixsix')).rejects.toEqual(refused(10836));
  await expect(backUp('x'.repeat(257))).rejects.toEqual(refused(10839));
  await expect(backUp('sevensix', 'x'.repeat(513))).rejects.toEqual(refused(10840));
  expect(world.events()).toEqual([10560, 10560, 10560]);
  const nowhere = join(file('carillon.db'), 'below', 'x');
  await expect(desk.backUp(admin, nowhere, secretOf('sevensix'), '')).rejects.toEqual(refused(10561));
});

test('a restored master secret opens what it sealed, on a server that had none', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { desk, file } = deskOf(world);
  await desk.backUp(admin, file('secret'), secretOf('Seven77'), '');
  await using other = await openSsoWorld({ withSecret: false });
  const otherDesk = deskOf(other);
  expect(await otherDesk.desk.restore(admin, file('secret'), secretOf('Seven77'))).toBe(1);
  await otherDesk.reEncryption.settled();
  expect(other.events()).toContain(10523);
  const found = await world.sso.credentials.find(
    (await world.sso.mappings.find({ application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe' })).mapping,
    'external',
  );
  if (found === undefined) throw new Error('No credential');
  using packed = other.secret.open(found.stored.sealed, found.place);
  expect(new TextDecoder().decode(packed.bytes.subarray(2))).toBe('Pa55word');
});

test('a secret whose backup has no place is not generated', async () => {
  await using world = await openSsoWorld();
  const { desk, file } = deskOf(world);
  writeFileSync(file('taken'), '');
  await expect(desk.generate(admin, file('taken'), secretOf('Seven77'), '')).rejects.toThrow(
    'exists already',
  );
  expect(world.events()).toEqual([10526]);
});

test('a server that was named to keep the secret takes it once it has started anew', async () => {
  await using world = await openSsoWorld({ withSecret: false });
  const { desk, file } = deskOf(world, false);
  const refusal = desk.restore(admin, file('secret'), secretOf('Seven77'));
  await expect(refusal).rejects.toEqual(refused(10766));
  await expect(refusal).rejects.toThrow('next start');
});

test('a wrong password or a damaged file changes nothing', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { desk, file } = deskOf(world);
  await desk.backUp(admin, file('secret'), secretOf('Seven77'), '');
  await expect(desk.restore(admin, file('secret'), secretOf('Seven78'))).rejects.toEqual(refused(10779));
  writeFileSync(file('broken'), readFileSync(file('secret')).subarray(0, 200), { mode: 0o600 });
  await expect(desk.restore(admin, file('broken'), secretOf('Seven77'))).rejects.toEqual(refused(10564));
  expect(await readPassword(world)).toBe('Pa55word');
  expect(world.events()).toContain(10524);
});

test('only SSO Administrators touch the master secret, and only where it is kept', async () => {
  await using world = await openSsoWorld();
  const { desk, file } = deskOf(world);
  await expect(desk.backUp(callers.affiliate, file('x'), secretOf('Seven77'), '')).rejects.toEqual(
    refused(11009),
  );
  await expect(desk.reencrypt(callers.jdoe)).rejects.toEqual(refused(11009));
  world.setSystem({ masterSecretServer: 'OTHER' });
  await expect(desk.generate(admin, file('x'), secretOf('Seven77'), '')).rejects.toEqual(refused(10766));
  await expect(desk.restore(admin, file('x'), secretOf('Seven77'))).rejects.toEqual(refused(10766));
});

test('re-encryption runs once at a time, is ended early, and goes on later', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const { reEncryption } = deskOf(world);
  await world.secret.generate();
  reEncryption.start();
  expect(() => reEncryption.start()).toThrow(refused(10814));
  expect(reEncryption.cancel()).toBe(true);
  await reEncryption.settled();
  expect(world.events()).toContain(10522);
  reEncryption.start();
  await reEncryption.settled();
  for (const { sealed } of world.rows.page(0, 10)) expect(sealedVersion(sealed)).toBe(2);
});
