import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { MigrationDesk } from '#host/migration/migration-desk.ts';
import { SectionDesk } from '#host/snapshots/section-desk.ts';
import type { AgentId } from '#shared/model/change.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
import { KeptDocuments } from '#store/kept-documents.ts';
import { openSsoWorld } from '#test/sso-world.ts';

const folder = join(import.meta.dirname, '../../fixtures/mim');
const sun = 'b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02' as AgentId;
const definitions = `<sso>
  <globalInfo><ticketTimeout>5</ticketTimeout><auditDeletedApps>7</auditDeletedApps></globalInfo>
  <application name="Payroll">
    <appUserAccount>FABRIKAM\\PayUsers</appUserAccount>
    <appAdminAccount>FABRIKAM\\PayAdmins</appAdminAccount>
    <flags enableApp="yes"/>
  </application>
  <application name="Broken"><appUserAccount>FABRIKAM\\PayUsers</appUserAccount></application>
  <mapping>
    <windowsDomain>FABRIKAM</windowsDomain><windowsUserId>alice</windowsUserId>
    <externalApplication>Payroll</externalApplication><externalUserId>ALICE</externalUserId>
  </mapping>
  <mapping>
    <windowsDomain>FABRIKAM</windowsDomain><windowsUserId>alice</windowsUserId>
    <externalApplication>Unknown</externalApplication><externalUserId>ALICE</externalUserId>
  </mapping>
</sso>`;

test('exports of three products are looked at and put in force together', async () => {
  await using world = await openSsoWorld();
  const sections = new SectionDesk({
    database: world.ports.database,
    audit: world.ports.audit,
    changed: () => undefined,
  });
  const documents = new KeptDocuments(world.database);
  const configuration = configurationSchema.parse({ version: 1 });
  const desk = new MigrationDesk({
    configuration: () => configuration,
    documents,
    hasCredential: () => false,
    sections: (options) => sections.read(options),
  });
  const mim = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const listing = 'Target Name....: Sync\nServer FQDN or Address....: old.fabrikam.lab';
  await documents.keep(new Map([...mim, ['apps.xml', definitions], ['pcns.txt', listing]]), 1);

  const preview = await desk.preview({ [sun]: 'ldap:openldap' });
  expect(preview.agents.map(({ name, kind, needsPassword }) => [name, kind, needsPassword])).toEqual([
    ['ADMA', 'active-directory', true],
    ['Sun', 'ldap', true],
  ]);
  expect(preview.definitions).toMatchObject([
    { key: 'applications/Payroll', exists: false },
    { key: 'applications/Broken', problem: expect.stringContaining('Application Administrators') },
  ]);
  expect([preview.mappings, preview.targets[0]?.server]).toEqual([1, 'old.fabrikam.lab']);

  const ready = await desk.prepare({
    agents: [sun],
    kinds: { [sun]: 'ldap:openldap' },
    definitions: ['applications/Payroll', 'applications/Broken'],
    mappings: true,
    options: true,
    revision: '',
  });
  expect(ready).toMatchObject({ agents: ['Sun'], definitions: ['Payroll'], mappings: 1 });
  const target = configurationSchema.parse(ready.target);
  expect(target.agents).toMatchObject([{ name: 'Sun', profile: 'openldap', password: { shadow: true } }]);
  expect(target.passwordSync).toMatchObject({ enabled: false, historySize: 30 });
  expect(target.singleSignOn.system).toMatchObject({ ticketTimeout: 5, audits: { deletedApplications: 7 } });

  expect(sections.check(ready.sections, await sections.read({ mappings: true }))).toEqual([]);
  await sections.apply(ready.sections, () => () => undefined);
  expect(await world.ports.database.applications.find('Payroll')).toMatchObject({ enabled: false });
  expect(await world.ports.database.listMappings({})).toMatchObject([
    { application: 'Payroll', windowsAccount: 'FABRIKAM\\alice', externalUser: 'ALICE' },
  ]);
  const again = await desk.preview({});
  expect(again.definitions[0]).toMatchObject({ exists: true });
  const nothing = { agents: [], kinds: {}, definitions: [], mappings: false, options: false, revision: '' };
  await expect(desk.prepare(nothing)).rejects.toMatchObject({ code: 'invalid_input' });
});
