import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { ConsoleRig, goTo } from './console-rig.ts';
import { pageForEachTest } from './page-for-each-test.ts';

/** Somebody who may look and not change: what the server refuses is said in the sheet, and no edit is lost. */
const rig = new ConsoleRig();
let page: Page;

pageForEachTest(
  rig,
  (opened) => {
    page = opened;
  },
  {
    prepare() {
      rig.addServer();
      rig.access = 'browse';
    },
  },
);

const dialog = (name: string) => page.getByRole('dialog', { name });
const action = (name: string) =>
  page.getByRole('region', { name: 'Actions' }).getByRole('button', { name, exact: true });

async function expectRefusal(sheet: Locator): Promise<void> {
  await sheet.getByRole('button', { name: 'OK' }).click();
  await sheet
    .getByText(/needs the role administer, the caller has browse|needs to know the account of the caller/)
    .first()
    .waitFor();
}

test('Management Agent Properties keeps what was edited', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ADMA/ }).dblclick();
  const sheet = dialog('ADMA Properties');
  await sheet.getByLabel('Description:').fill('Mine');
  await expectRefusal(sheet);
  expect(await sheet.getByLabel('Description:').inputValue()).toBe('Mine');
  expect(await sheet.getByRole('button', { name: 'Apply' }).isEnabled()).toBe(true);
  expect(JSON.stringify(rig.readConfiguration())).not.toContain('Mine');
});

test('Options keeps what was ticked', async () => {
  await page.getByRole('menuitem', { name: 'Tools' }).click();
  await page.getByRole('menuitem', { name: 'Options' }).click();
  const options = dialog('Options');
  await options.getByRole('checkbox', { name: 'Enable Password Synchronization' }).check();
  await expectRefusal(options);
  expect(await options.getByRole('checkbox', { name: 'Enable Password Synchronization' }).isChecked()).toBe(
    true,
  );
});

test('System Properties and Server Properties keep what was ticked', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await action('Properties').click();
  const system = dialog('System Properties');
  await system.getByRole('tab', { name: 'Options' }).click();
  await system.getByRole('checkbox', { name: 'From Windows to Adapters' }).check();
  await expectRefusal(system);
  expect(await system.getByRole('checkbox', { name: 'From Windows to Adapters' }).isChecked()).toBe(true);
  await system.getByRole('button', { name: 'Cancel' }).click();
  await goTo(page, 'Servers');
  await page.getByRole('row', { name: /^INTSVR1/ }).dblclick();
  const server = dialog('INTSVR1.fabrikam.com Properties');
  await server.getByRole('tab', { name: 'Password Sync' }).click();
  await server.getByRole('checkbox', { name: 'Allow password sync from MIIS' }).check();
  await expectRefusal(server);
  expect(await server.getByRole('checkbox', { name: 'Allow password sync from MIIS' }).isChecked()).toBe(
    true,
  );
});

test('a command that is refused says so under its own name', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ENTSSOMA2/ }).click();
  await action('Hold Deliveries...').click();
  // Enter does no harm: the safe answer has the focus.
  const safe = page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' });
  await expect.poll(() => safe.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await action('Delete').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page
    .getByText('agents.deleteSpace needs the role administer, the caller has browse')
    .first()
    .waitFor();
  await page.getByRole('row', { name: /^ENTSSOMA2/ }).waitFor();
});
