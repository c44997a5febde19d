import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { agentIds } from './console-configuration.ts';
import { ConsoleRig, goTo } from './console-rig.ts';
import { pageForEachTest } from './page-for-each-test.ts';

/** The documented set-up of password synchronization, step by step, with the documented labels. */
const rig = new ConsoleRig();
let page: Page;

pageForEachTest(rig, (opened) => {
  page = opened;
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name });
const agentOnDisk = (id: string) =>
  rig.readConfiguration().agents.find((agent: { readonly id: string }) => agent.id === id);

test('a server is allowed to receive password sync by its Password Sync tab', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'Servers');
  await button('Add Server...').first().click();
  await dialog('Add Server').getByLabel('Server name:').fill('INTSVR1.fabrikam.com');
  await page.keyboard.press('Enter');
  await dialog('Add Server').waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^INTSVR1/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Properties' }).click();
  const sheet = dialog('INTSVR1.fabrikam.com Properties');
  await sheet.getByRole('tab', { name: 'Password Sync' }).click();
  await sheet.getByRole('checkbox', { name: 'Allow password sync from MIIS' }).check();
  await button('OK').click();
  await expect
    .poll(() => rig.readConfiguration().singleSignOn.servers)
    .toEqual([{ name: 'INTSVR1.fabrikam.com', allowPasswordSyncFromMiis: true }]);
});

test('password sync is enabled on the system level by the Options tab', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await page.getByRole('treeitem', { name: 'System', exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Properties' }).click();
  const sheet = dialog('System Properties');
  await sheet.getByRole('tab', { name: 'Options' }).click();
  const group = sheet.getByRole('group', { name: 'Enable Password Sync' });
  await group.getByRole('checkbox', { name: 'From Windows to Adapters' }).check();
  await button('OK').click();
  await expect
    .poll(() => rig.readConfiguration().singleSignOn.system)
    .toEqual({ passwordSync: { fromWindowsToAdapters: true } });
});

test('Identity Manager is set up as documented, survives a restart, and is switched off again', async () => {
  await page.getByRole('menuitem', { name: 'Tools' }).click();
  await page.getByRole('menuitem', { name: 'Options' }).click();
  await dialog('Options').getByRole('checkbox', { name: 'Enable Password Synchronization' }).check();
  await button('OK').click();
  await expect.poll(() => rig.readConfiguration().passwordSync?.enabled).toBe(true);

  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ADMA/ }).click();
  await button('Properties').click();
  await page.getByRole('tab', { name: 'Configure Directory Partitions' }).click();
  await page
    .getByRole('checkbox', { name: 'Enable this partition as a password synchronization source' })
    .check();
  await button('Targets').click();
  const targets = dialog('Targets');
  await targets.getByRole('checkbox', { name: /^ENTSSOMA2/ }).check();
  await targets.getByRole('checkbox', { name: /^ENTSSOMA / }).uncheck();
  await targets.getByRole('button', { name: 'OK' }).click();
  await targets.waitFor({ state: 'detached' });
  await button('OK').click();
  await dialog('ADMA Properties').waitFor({ state: 'detached' });
  const [partition] = agentOnDisk(agentIds.adma).partitions;
  expect(partition.passwordSource).toMatchObject({ enabled: true, targets: [agentIds.second] });

  await page.getByRole('row', { name: /^ENTSSOMA2/ }).click();
  await button('Properties').click();
  await page.getByRole('tab', { name: 'Configure Extensions' }).click();
  await page.getByRole('checkbox', { name: 'Enable password management' }).check();
  await button('Settings').click();
  const settings = dialog('Connection Settings');
  await settings.getByLabel('Connect To:').fill('INTSVR1.fabrikam.com');
  await settings.getByLabel('User:').fill('fabrikam\\ssosvcact');
  await settings.getByLabel('Password:').fill('ssosvcact');
  await settings.getByRole('button', { name: 'OK' }).click();
  await settings.waitFor({ state: 'detached' });
  await button('OK').click();
  await dialog('ENTSSOMA2 Properties').waitFor({ state: 'detached' });
  expect(agentOnDisk(agentIds.second)).toMatchObject({
    password: { enabled: true },
    connection: {
      url: 'ldaps://INTSVR1.fabrikam.com:636',
      authentication: { user: 'fabrikam\\ssosvcact' },
    },
  });
  expect(JSON.stringify(rig.readConfiguration())).not.toContain('"ssosvcact"');

  await rig.restart();
  await page.getByText(/^Connected to/).waitFor();
  await page.getByRole('menuitem', { name: 'Tools' }).click();
  await page.getByRole('menuitem', { name: 'Options' }).click();
  const again = dialog('Options').getByRole('checkbox', { name: 'Enable Password Synchronization' });
  await expect.poll(() => again.isChecked()).toBe(true);
  await again.uncheck();
  await button('OK').click();
  await expect.poll(() => rig.readConfiguration().passwordSync.enabled).toBe(false);
});
