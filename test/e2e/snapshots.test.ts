import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { agentIds } from './console-configuration.ts';
import { ConsoleRig, goTo } from './console-rig.ts';
import { pageForEachTest } from './page-for-each-test.ts';

const rig = new ConsoleRig();
let page: Page;

pageForEachTest(rig, (opened) => {
  page = opened;
});

const rows = () => page.getByRole('row').filter({ has: page.getByRole('rowheader') });

function setRetryCount(value: number): void {
  rig.host.configuration.edit(['agents', 1, 'password', 'retryCount'], value, 'tester');
}

function retryCount(): number | undefined {
  return rig.host.configuration.configuration.agents[1]?.password.retryCount;
}

/** Performs an action; the pane's last section is that of the selected row. */
async function perform(name: string): Promise<void> {
  await page.getByRole('complementary').getByRole('button', { name, exact: true }).last().click();
}

test('a change leaves who, from and to, and is compared, restored and taken back', async () => {
  await goTo(page, 'Snapshots');
  await expect.poll(() => rows().count()).toBeGreaterThan(0);
  setRetryCount(3);
  const changed = rows().filter({ hasText: 'Maximum retry count: 10 → 3' });
  await changed.waitFor();
  expect(await changed.textContent()).toContain('tester');

  await rows().filter({ hasText: 'The first start' }).click();
  await perform('Compare with Server');
  const table = page.getByRole('table', { name: 'Comparison' });
  const line = table.getByRole('row').filter({ hasText: 'Maximum retry count' });
  await line.waitFor();
  expect(await line.getByRole('cell').allTextContents()).toEqual(['Maximum retry count', '10', '3']);
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as HTML' }).click(),
  ]);
  expect(report.suggestedFilename()).toMatch(/^carillon-comparison-.*\.html$/);
  expect(readFileSync(await report.path(), 'utf8')).toContain('Maximum retry count');
  const few = await table.getByRole('row').count();
  await page.getByRole('radio', { name: 'Everything' }).click();
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(few + 20);
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  await goTo(page, 'Snapshots');
  await perform('Compare...');
  const setup = page.getByRole('dialog', { name: 'Compare', exact: true });
  const moments = setup.getByRole('combobox', { name: 'Left:' }).locator('option');
  const first = await moments.filter({ hasText: 'The first start' }).getAttribute('value');
  await setup.getByRole('combobox', { name: 'Left:' }).selectOption(first);
  await setup.getByRole('combobox', { name: 'What both were once:' }).selectOption(first);
  await setup.getByRole('button', { name: 'Compare', exact: true }).click();
  const three = table.getByRole('row').filter({ hasText: 'Maximum retry count (changed on the right)' });
  await three.waitFor();
  expect((await three.getByRole('cell').allTextContents()).slice(1)).toEqual(['10', '10', '3']);
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  await rows().filter({ hasText: 'The first start' }).click();
  await perform('Restore...');
  await page.getByRole('checkbox', { name: 'Change Management agent "ENTSSOMA"' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect.poll(retryCount).toBe(10);
  await rows().filter({ hasText: 'Restore' }).filter({ hasText: 'Maximum retry count: 3 → 10' }).waitFor();

  await goTo(page, 'Snapshots');
  await perform('Undo Restore or Import...');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(retryCount).toBe(3);
});

test('the configuration and a part of it are exported to files without a secret', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  const [whole] = await Promise.all([page.waitForEvent('download'), perform('Export Snapshot')]);
  expect(whole.suggestedFilename()).toMatch(/^carillon-.*\.json$/);
  const file = JSON.parse(readFileSync(await whole.path(), 'utf8'));
  expect(file).toMatchObject({ format: 'carillon-snapshot', schema: 1 });
  expect(file.body.configuration.agents).toHaveLength(3);
  expect(file.body.secrets[`agents/${agentIds.first}`]).toBe('not set');

  await goTo(page, 'Identity Manager', 'Management Agents');
  await rows().filter({ hasText: 'ENTSSOMA2' }).click();
  const [part] = await Promise.all([page.waitForEvent('download'), perform('Export Snapshot')]);
  const { body } = JSON.parse(readFileSync(await part.path(), 'utf8'));
  expect(body.parts).toEqual([`agents/${agentIds.second}`]);
  expect(Object.keys(body.configuration)).toEqual(['agents']);
});

const definitions = `<sso>
  <globalInfo><ticketTimeout>5</ticketTimeout></globalInfo>
  <application name="Payroll">
    <description>Wages</description>
    <appUserAccount>FABRIKAM\\PayUsers</appUserAccount>
    <appAdminAccount>FABRIKAM\\PayAdmins</appAdminAccount>
    <field ordinal="0" label="User ID" masked="no"/>
    <field ordinal="1" label="Password" masked="yes"/>
  </application>
  <mapping>
    <windowsDomain>FABRIKAM</windowsDomain><windowsUserId>alice</windowsUserId>
    <externalApplication>Payroll</externalApplication><externalUserId>ALICE</externalUserId>
  </mapping>
</sso>`;

const connector = `<saved-ma-configuration><ma-data><format-version>1</format-version>
  <id>{C5A9D0C2-5D3F-4A0E-9C11-2F7C53D1BE77}</id><name>Profiles</name><category>Extensible2</category>
  <private-configuration><MAConfig><extension-config><filename>Contoso.Profiles.dll</filename></extension-config>
  <parameter-values><parameter name="Host" use="connectivity">sp1.fabrikam.lab</parameter></parameter-values></MAConfig></private-configuration>
  <ma-partition-data><partition><id>{P}</id><name>default</name><selected>1</selected></partition></ma-partition-data>
</ma-data></saved-ma-configuration>`;
const listing =
  'Target Name....: MIM\nServer FQDN or Address....: mim.fabrikam.lab\nService Principal Name....: PCNSCLNT/mim.fabrikam.lab\nInclusion Group Name....: FABRIKAM\\Domain Users\n';
const bomb =
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><saved-mv-configuration>&x;</saved-mv-configuration>';

const xml = (name: string, text: string | Buffer) => ({
  name,
  mimeType: 'text/xml',
  buffer: Buffer.from(text),
});

test('exports are picked, looked at, mapped and imported, and a target goes to live and back', async () => {
  await goTo(page, 'Snapshots');
  await perform('Migrate...');
  const wizard = page.getByRole('dialog', { name: 'Migrate' });
  const pick = async (files: readonly ReturnType<typeof xml>[]): Promise<void> => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      wizard.getByRole('button', { name: 'Add Files...' }).click(),
    ]);
    await chooser.setFiles([...files]);
  };
  const exports = wizard.getByRole('list', { name: 'Exports' }).getByRole('listitem');
  await pick([xml('MV.xml', bomb)]);
  await wizard.getByText('MV.xml:1: a document type is not taken').waitFor();
  expect(await exports.count()).toBe(0);
  const folder = join(import.meta.dirname, '../fixtures/mim');
  await pick([
    ...readdirSync(folder).map((name) => xml(name, readFileSync(join(folder, name)))),
    xml('apps.xml', definitions),
    xml('MA-Profiles.xml', connector),
    xml('pcns.txt', listing),
  ]);
  await expect.poll(() => exports.count()).toBe(6);
  await wizard.getByRole('button', { name: 'Next' }).click();

  await wizard.getByRole('checkbox', { name: 'ADMA (AD)' }).waitFor();
  await wizard
    .getByText(/taken over.*kept only/)
    .first()
    .click();
  const kind = wizard.getByRole('combobox', { name: 'Sun becomes' });
  await kind.selectOption({ label: 'OpenLDAP' });
  await expect.poll(() => kind.inputValue()).toBe('ldap:openldap');
  const connected = wizard.getByRole('combobox', { name: 'Profiles becomes' });
  expect(await connected.inputValue()).toBe('extension');
  await wizard.getByText('carillon pcnscfg addtarget /N:MIM').waitFor();
  await wizard.getByRole('checkbox', { name: 'Application Payroll' }).waitFor();
  await wizard.getByRole('checkbox', { name: 'Mappings of these applications (1)' }).click();
  await wizard.getByRole('checkbox', { name: /^Settings of the server/ }).click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByLabel('Password of Sun:').fill('typed-in-the-wizard');
  await wizard.getByRole('button', { name: 'Test Connections' }).click();
  await wizard.getByText(/^ldap1\.lab has no address/).waitFor();
  await wizard.getByText(/There is no program "contoso\.profiles"/).waitFor();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByText('1 definition of single sign-on').waitFor();
  await wizard.getByRole('button', { name: 'Import', exact: true }).click();
  const tests = page.getByRole('dialog', { name: 'Test Connections' });
  await tests.getByText('ADMA').first().waitFor();
  await tests.getByRole('button', { name: 'Make Target for MIM' }).click();
  await tests.getByText('This server does not listen for domain controllers').waitFor();
  await tests.getByRole('button', { name: 'Close', exact: true }).last().click();

  const sun = () => rig.host.configuration.configuration.agents.find(({ name }) => name === 'Sun');
  const profiles = rig.host.configuration.configuration.agents.find(({ name }) => name === 'Profiles');
  expect(profiles?.connection).toMatchObject({
    command: 'contoso.profiles',
    parameters: { Host: 'sp1.fabrikam.lab' },
  });
  expect(sun()).toMatchObject({ kind: 'ldap', profile: 'openldap', password: { shadow: true } });
  expect(rig.host.configuration.configuration).toMatchObject({
    passwordSync: { historySize: 30 },
    singleSignOn: { system: { ticketTimeout: 5 } },
  });
  await rows().filter({ hasText: 'Import' }).first().waitFor();

  await goTo(page, 'Identity Manager', 'Management Agents');
  await rows().filter({ hasText: 'Sun' }).filter({ hasText: 'Shadow mode' }).click();
  await perform('Switch to Live...');
  await page.getByRole('button', { name: 'Switch to Live', exact: true }).click();
  await expect.poll(() => sun()?.password.shadow).toBe(false);
  await rows().filter({ hasText: 'Sun' }).filter({ hasText: 'Live' }).click();
  await perform('Back to Shadow');
  await expect.poll(() => sun()?.password.shadow).toBe(true);
});
