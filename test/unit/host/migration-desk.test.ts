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

const entsso = `<sso>
  <SourceMA name="Sun" objectType="inetOrgPerson" attribute="uid"/>
  <ENTSSOMA name="ENTSSOMA" adma="ADMA" deleteAll="false">
    <Application name="Payroll" sourceMA="Sun" delete="false"/>
  </ENTSSOMA>
  <ENTSSOMA name="Lonely" adma="Nobody"><Application name="Payroll" sourceMA="Sun"/></ENTSSOMA>
  <ENTSSOMA name="Wrong" adma="Sun"><Application name="Payroll" sourceMA="ADMA"/></ENTSSOMA>
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
    hostName: 'carillon.fabrikam.lab',
    pcns: async () => [
      { name: 'FABRIKAM', targets: [{ name: 'sync', server: 'old.fabrikam.lab', spn: 'x/y' }] },
    ],
    channel: async () => ({ state: 'listening', port: 7000, fingerprint: `sha256/${'A'.repeat(43)}=` }),
    hasCredential: () => false,
    sections: (options) => sections.read(options),
  });
  const mim = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const listing =
    'Target Name....: Sync\nServer FQDN or Address....: old.fabrikam.lab\nInclusion Group Name....: FABRIKAM\\Synced';
  await documents.keep(
    new Map([...mim, ['apps.xml', definitions], ['ENTSSO.xml', entsso], ['pcns.txt', listing]]),
    1,
  );

  const preview = await desk.preview({ [sun]: 'ldap:openldap' });
  expect(preview.agents.map(({ name, kind, needsPassword }) => [name, kind, needsPassword])).toEqual([
    ['ADMA', 'active-directory', true],
    ['Sun', 'ldap', true],
    ['ENTSSOMA', 'entsso', true],
    ['Lonely', 'entsso', true],
    ['Wrong', 'entsso', true],
  ]);
  expect(preview.agents[3]?.notes).toContainEqual({
    setting: 'Mappings',
    verdict: 'kept only',
    detail: '"Nobody": no agent of this name comes over or is here',
  });
  expect(preview.agents[4]?.notes).toContainEqual({
    setting: 'Mappings',
    verdict: 'kept only',
    detail:
      '"Sun" is not connected to Active Directory, and knows no Windows accounts. Name the Active Directory agent of the domain.',
  });
  expect(preview.definitions).toMatchObject([
    { key: 'applications/Payroll', exists: false },
    { key: 'applications/Broken', problem: expect.stringContaining('Application Administrators') },
  ]);
  expect(preview.mappings).toBe(1);
  expect(preview.targets).toMatchObject([
    {
      server: 'old.fabrikam.lab',
      state: 'leads elsewhere',
      command: `carillon pcnscfg addtarget '/N:Sync Carillon' /A:carillon.fabrikam.lab:7000 /S:PCNSCLNT/carillon.fabrikam.lab '/K:sha256/${'A'.repeat(43)}=' '/FI:FABRIKAM\\Synced' /I:0 /WL:0`,
    },
  ]);

  expect(await desk.targetToLead('Sync')).toMatchObject({
    target: { inclusionGroup: 'FABRIKAM\\Synced' },
    receiver: { server: 'carillon.fabrikam.lab:7000', spn: 'PCNSCLNT/carillon.fabrikam.lab' },
  });
  await expect(desk.targetToLead('Nobody')).rejects.toMatchObject({ code: 'not_found' });

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
  const adma = 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01' as AgentId;
  const single = preview.agents[2]?.id ?? sun;
  const all = { kinds: {}, definitions: [], mappings: false, options: false, revision: '' };
  const three = configurationSchema.parse(
    (await desk.prepare({ ...all, agents: [adma, sun, single] })).target,
  );
  expect(three.agents.find(({ kind }) => kind === 'entsso')).toMatchObject({
    name: 'ENTSSOMA',
    connection: { connectTo: 'carillon.fabrikam.lab', user: 'FABRIKAM\\ENTSSO' },
    password: { shadow: true },
    mappings: {
      windowsAgent: adma,
      deleteAll: false,
      sources: [{ agent: sun, objectType: 'inetOrgPerson', attribute: 'uid' }],
      applications: [{ name: 'Payroll', source: sun, create: true, delete: false }],
    },
  });
  // Without the agents that it names it comes alone.
  const alone = configurationSchema.parse((await desk.prepare({ ...all, agents: [single] })).target);
  expect(alone.agents[0]).not.toHaveProperty('mappings');

  const again = await desk.preview({});
  expect(again.definitions[0]).toMatchObject({ exists: true });
  const nothing = { agents: [], kinds: {}, definitions: [], mappings: false, options: false, revision: '' };
  await expect(desk.prepare(nothing)).rejects.toMatchObject({ code: 'invalid_input' });
});
