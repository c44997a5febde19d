import { expect, test } from 'vitest';

import { unpackFields } from '#shared/secret/credential-fields.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { refused } from '#test/refused.ts';
import { applicationOf, callers, openSsoWorld, secretOf, setUpMapping } from '#test/sso-world.ts';

const text = (secret: { bytes: Uint8Array } | undefined) =>
  secret === undefined ? undefined : new TextDecoder().decode(secret.bytes);

test('a sealed credential opens in its own place alone', async () => {
  await using world = await openSsoWorld();
  const mapping = await setUpMapping(world, { name: 'SAP' });
  const found = await world.sso.credentials.find(mapping, 'external');
  if (found === undefined) throw new Error('No credential');
  const { place, stored } = found;
  for (const moved of [
    { ...place, mapping: place.mapping + 1 },
    { ...place, application: 'RACF' },
    { ...place, kind: 'windows' as const },
    { ...place, version: place.version + 1 },
  ])
    expect(() => world.sso.credentials.open({ place: moved, stored })).toThrow(refused(10778));
  const altered = stored.sealed.slice();
  altered[20] = (altered[20] ?? 0) ^ 1;
  expect(() => world.sso.credentials.open({ place, stored: { ...stored, sealed: altered } })).toThrow(
    refused(10778),
  );
});

test('an older password never takes the place of a newer one', async () => {
  await using world = await openSsoWorld();
  const mapping = await setUpMapping(world, { name: 'SAP' });
  const application = await world.sso.applications.require('SAP');
  const now = world.clock.now();
  for (const [kind, event] of [
    ['external', 10816],
    ['windows', 10813],
  ] as const) {
    const write = (password: string, at: number) =>
      world.sso.credentials.writePassword(application, mapping, kind, secretOf(password), at);
    await write('newer', now + 2);
    await expect(write('older', now + 1)).rejects.toEqual(refused(event));
    const kept = await world.sso.credentials.readPassword(application, mapping, kind);
    expect(text(kept?.password)).toBe('newer');
    expect(kept?.changedAt).toBe(now + 2);
  }
});

test('of many writes at once the newest stays', async () => {
  await using world = await openSsoWorld();
  const mapping = await setUpMapping(world, { name: 'SAP' });
  const application = await world.sso.applications.require('SAP');
  const now = world.clock.now();
  const order = [4, 1, 5, 2, 3];
  await Promise.allSettled(
    order.map((each) =>
      world.sso.credentials.writePassword(application, mapping, 'external', secretOf(`p${each}`), now + each),
    ),
  );
  const kept = await world.sso.credentials.readPassword(application, mapping, 'external');
  expect(text(kept?.password)).toBe('p5');
});

test('synchronization writes its field and leaves the others', async () => {
  await using world = await openSsoWorld();
  const fields = [
    { label: 'User ID' },
    { label: 'Client', masked: false },
    { label: 'Password', masked: true, synchronized: true },
  ];
  await world.sso.applications.create(callers.affiliate, [applicationOf({ name: 'SAP', fields })]);
  const reference = { application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe' };
  const [mapping] = await world.sso.mappings.create(callers.affiliate, [
    { ...reference, externalUser: 'jd01' },
  ]);
  if (mapping === undefined) throw new Error('No mapping');
  const application = await world.sso.applications.require('SAP');
  const { credentials } = world.sso;
  const sync = (password: string) =>
    credentials.writePassword(application, mapping, 'external', secretOf(password), world.clock.now());
  expect(await sync('first')).toEqual({ blanked: 1, isUnreadable: false });
  await world.sso.setCredentials(callers.affiliate, {
    ...reference,
    fields: [secretOf('800'), secretOf('x')],
  });
  expect(await sync('second')).toEqual({ blanked: 0, isUnreadable: false });
  const found = await credentials.find(mapping, 'external');
  expect(found === undefined ? [] : credentials.open(found).map(text)).toEqual(['800', 'second']);
  await expect(
    world.sso.setCredentials(callers.affiliate, { ...reference, fields: [secretOf('800')] }),
  ).rejects.toEqual(refused(10595));
});

test('users set their own credentials, administrators those of all', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' });
  const jdoe = { application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe' };
  const set = (caller: (typeof callers)['jdoe']) =>
    world.sso.setCredentials(caller, { ...jdoe, fields: [secretOf('x')], windowsPassword: secretOf('w') });
  await set(callers.jdoe);
  await set(callers.applicationAdministrator);
  await expect(set(callers.mary)).rejects.toEqual(refused(10558));
  await expect(set(callers.stranger)).rejects.toEqual(refused(11013));
  expect(world.events()).toContain(10675);
});

test('fields that end in the middle are refused', () => {
  for (const bytes of [[0], [0, 2, 1], [0, 1, 7, 0]])
    expect(() => unpackFields(SecretBytes.take(Uint8Array.from(bytes)))).toThrow('in the middle');
  expect(unpackFields(SecretBytes.take(Uint8Array.of(0, 0, 0, 1, 7))).map(({ length }) => length)).toEqual([
    0, 1,
  ]);
});

test('without a master secret nothing is stored', async () => {
  await using world = await openSsoWorld({ withSecret: false });
  await expect(setUpMapping(world, { name: 'SAP' })).rejects.toEqual(refused(10783));
});

test('no stored byte is a password', async () => {
  await using world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP' }, 'Correct-Horse-Battery');
  const tables = ['sso_credential', 'sso_mapping', 'sso_application', 'sso_key', 'sso_lock', 'sso_audit'];
  for (const table of tables)
    for (const row of world.database.all(`SELECT * FROM ${table}`))
      for (const value of Object.values(row))
        expect(
          Buffer.from(value instanceof Uint8Array ? value : String(value)).includes('Correct-Horse-Battery'),
        ).toBe(false);
});
