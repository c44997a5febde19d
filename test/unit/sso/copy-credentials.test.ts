import { join } from 'node:path';

import { expect, test } from 'vitest';

import { copyCredentials } from '#sso/copy-credentials.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';
import { applicationOf, callers, openSsoWorld, setUpMapping } from '#test/sso-world.ts';

test('a copy has every definition and mapping, and its credentials open under their new numbers alone', async () => {
  await using world = await openSsoWorld();
  const mapping = await setUpMapping(world, { name: 'SAP' });
  await using database = openDatabase(join(world.folder, 'other.db'), storeMigrations);
  const target = createSsoDatabase(database, new SsoCredentialTable(database));
  await target.applications.insert([applicationOf({ name: 'Before' })]);
  const before = { application: 'Before', windowsAccount: 'FABRIKAM\\mary', externalUser: 'm' };
  await target.insertMappings([{ ...before, enabled: true, disabledByAdministrator: false }]);
  expect(await copyCredentials(world.ports.database, target, world.secret)).toEqual({
    mappings: 1,
    credentials: 1,
  });
  const [copied] = await target.listMappings({ applications: ['SAP'] });
  const { id, ...facts } = copied ?? { id: 0 };
  expect(id).not.toBe(mapping.id);
  expect(facts).toMatchObject({ windowsAccount: 'FABRIKAM\\jdoe', externalUser: 'jd01', enabled: true });
  const stored = await target.readCredential(id, 'external');
  const place = { application: 'SAP', kind: 'external', version: 1 } as const;
  world.secret.open(stored?.sealed ?? new Uint8Array(0), { ...place, mapping: id }).wipe();
  expect(() =>
    world.secret.open(stored?.sealed ?? new Uint8Array(0), { ...place, mapping: mapping.id }),
  ).toThrow('event 10778');
  const { fields } = await world.sso.lookups.getCredentials(callers.jdoe, 'SAP');
  for (const field of fields) field.wipe();
});
