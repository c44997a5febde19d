import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { agentIds } from './console-configuration.ts';
import { ConsoleRig, goTo } from './console-rig.ts';
import { pageForEachTest } from './page-for-each-test.ts';

const rig = new ConsoleRig();
let page: Page;

pageForEachTest(rig, async (opened) => {
  page = opened;
  await goTo(page, 'Identity Manager', 'Management Agents');
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const sheet = () => page.getByRole('dialog', { name: 'ADMA Properties' });
const agentOnDisk = (id: string) =>
  rig.readConfiguration().agents.find((agent: { readonly id: string }) => agent.id === id);

async function openSheet(): Promise<void> {
  await page.getByRole('row', { name: /^ADMA/ }).click();
  await page.keyboard.press('Alt+Enter');
  await sheet().waitFor();
}

test('Apply waits for a change, writes it and stays; Cancel drops what came after', async () => {
  await openSheet();
  const apply = sheet().getByRole('button', { name: 'Apply' });
  const description = sheet().getByLabel('Description:');
  await expect.poll(() => apply.isDisabled()).toBe(true);
  await description.fill('First');
  await apply.click();
  await expect.poll(() => agentOnDisk(agentIds.adma).description).toBe('First');
  await expect.poll(() => apply.isDisabled()).toBe(true);
  await description.fill('Second');
  await sheet().getByRole('button', { name: 'Cancel' }).click();
  await sheet().waitFor({ state: 'detached' });
  expect(agentOnDisk(agentIds.adma).description).toBe('First');
});

test('a sheet takes its own save for nobody else’s, and keeps what is typed meanwhile', async () => {
  const session = await page.context().newCDPSession(page);
  await openSheet();
  const description = sheet().getByLabel('Description:');
  await description.fill('Own');
  await page.evaluate(() => {
    const seen = { conflict: false };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      if (document.body.textContent.includes('Somebody else changed')) seen.conflict = true;
    }).observe(document.body, { childList: true, subtree: true });
  });
  // Slow enough for the news of the save to come well before its answer is drawn.
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await description.evaluate((field) => {
    const buttons = field.closest('[role=dialog]')?.querySelectorAll('button') ?? [];
    [...buttons].find(({ textContent }) => textContent === 'Apply')?.click();
    field.focus();
  });
  await page.keyboard.press('End');
  await page.keyboard.type(' and more');
  await expect.poll(() => agentOnDisk(agentIds.adma).description).toMatch(/^Own/);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await expect.poll(() => description.inputValue()).toBe('Own and more');
  expect(await page.evaluate(() => (window as unknown as { seen: object }).seen)).toEqual({
    conflict: false,
  });
  await sheet().getByRole('button', { name: 'OK' }).click();
  await sheet().waitFor({ state: 'detached' });
  expect(agentOnDisk(agentIds.adma).description).toBe('Own and more');
});

test('OK without a change writes nothing', async () => {
  const before = rig.host.configuration.running.revision;
  await openSheet();
  await sheet().getByRole('button', { name: 'OK' }).click();
  await sheet().waitFor({ state: 'detached' });
  expect(rig.host.configuration.running.revision).toBe(before);
});

test('Ctrl+Tab turns the pages and a wrong value keeps the sheet open at its field', async () => {
  await openSheet();
  await sheet().getByLabel('Description:').focus();
  await page.keyboard.press('Control+Tab');
  await expect
    .poll(() => sheet().getByRole('tab', { selected: true }).textContent())
    .toBe('Connect to Active Directory Forest');
  await sheet().getByLabel('Connection timeout (seconds):').fill('0');
  await sheet().getByText('Enter a whole number from 1 to 600').waitFor();
  await sheet().getByRole('tab', { name: 'Properties', exact: true }).click();
  await sheet().getByRole('button', { name: 'OK' }).click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid')))
    .toBe('true');
  expect(await sheet().getByLabel('Connection timeout (seconds):').inputValue()).toBe('0');
  await page.keyboard.press('Escape');
  await sheet().waitFor({ state: 'detached' });
});

test('what somebody else saved meanwhile is kept, and so are the edits', async () => {
  await openSheet();
  await sheet().getByLabel('Description:').fill('Mine');
  rig.host.configuration.edit(['agents', 1, 'description'], 'Theirs');
  await sheet().getByText('Somebody else changed the configuration meanwhile').waitFor();
  await sheet().getByRole('button', { name: 'Apply' }).click();
  await sheet().getByText('The configuration was changed since it was read').waitFor();
  await sheet().getByRole('button', { name: 'Read again and keep my edits' }).click();
  expect(await sheet().getByLabel('Description:').inputValue()).toBe('Mine');
  await sheet().getByRole('button', { name: 'OK' }).click();
  await sheet().waitFor({ state: 'detached' });
  expect(agentOnDisk(agentIds.adma).description).toBe('Mine');
  expect(agentOnDisk(agentIds.first).description).toBe('Theirs');
});

/** Whether the browser is kept from what it would do of itself when the page is left. */
const isKept = () =>
  page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));

test('neither a lost connection, F5 nor a closed window loses the edits of a sheet', async () => {
  await openSheet();
  expect(await isKept()).toBe(false);
  await sheet().getByLabel('Description:').fill('Survives');
  expect(await isKept()).toBe(true);
  const heard = await page.evaluateHandle(() => {
    const prevented = new Promise<boolean>((tell) => {
      const listen = (event: Event): void => void setTimeout(() => tell(event.defaultPrevented));
      addEventListener('keydown', listen, { once: true });
    });
    return { prevented };
  });
  await page.keyboard.press('F5');
  expect(await heard.evaluate(({ prevented }) => prevented)).toBe(true);
  rig.cut();
  await page.getByText('The connection to the service is lost').waitFor();
  rig.mend();
  await page.getByText(/^Connected to/).waitFor();
  expect(await sheet().getByLabel('Description:').inputValue()).toBe('Survives');
  await sheet().getByRole('button', { name: 'OK' }).click();
  await sheet().waitFor({ state: 'detached' });
  expect(agentOnDisk(agentIds.adma).description).toBe('Survives');
});

test('Target Settings shows the documented defaults and writes only what differs', async () => {
  await page.getByRole('row', { name: /^ENTSSOMA2/ }).dblclick();
  await page.getByRole('tab', { name: 'Configure Extensions' }).click();
  await button('Target Settings').click();
  const settings = page.getByRole('dialog', { name: 'Target Settings' });
  expect(await settings.getByLabel('Maximum retry count:').inputValue()).toBe('10');
  expect(await settings.getByLabel('Retry interval (seconds):').inputValue()).toBe('60');
  expect(await settings.getByLabel(/^Require secure connection/).isChecked()).toBe(true);
  await settings.getByLabel('Maximum retry count:').fill('3');
  await settings.getByRole('button', { name: 'OK' }).click();
  await button('OK').click();
  await expect.poll(() => agentOnDisk(agentIds.second).password).toEqual({ retryCount: 3 });
});

test('Show command gives the command line of the edits', async () => {
  await openSheet();
  await sheet().getByLabel('Description:').fill('From a shell');
  await sheet().getByRole('button', { name: 'Show command' }).click();
  await sheet().getByText(`carillon config set 'agents[0].description' '"From a shell"'`).waitFor();
});

test('the wizard makes an agent, and Delete takes it away', async () => {
  await button('Create...').click();
  const wizard = page.getByRole('dialog', { name: 'Create Management Agent' });
  await wizard.getByLabel('Management agent for:').selectOption('ldap');
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByText('Enter a name').waitFor();
  await wizard.getByLabel('Name:').fill('Mail');
  await page.keyboard.press('Enter');
  await wizard.getByLabel('Server:').fill('ldaps://mail.ldap.lab:636');
  await wizard.getByLabel('User name:').fill('uid=svc,dc=mail,dc=lab');
  await wizard.getByLabel('Password:').fill('Fig-Orchard-17');
  await wizard.getByRole('button', { name: 'Back' }).click();
  expect(await wizard.getByLabel('Name:').inputValue()).toBe('Mail');
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByLabel('Directory partition:').fill('dc=mail,dc=lab');
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('radio', { name: /^Joins the person/ }).check();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('checkbox', { name: 'Enable password management' }).check();
  await wizard.getByRole('button', { name: 'Create' }).click();
  await wizard.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^Mail/ }).click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('alertdialog', { name: 'Delete Management Agent' });
  await question.getByText('What do you want to delete of "Mail"?').waitFor();
  const cancel = question.getByRole('button', { name: 'Cancel' });
  await expect.poll(() => cancel.evaluate((element) => element === document.activeElement)).toBe(true);
  await question.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The connector space is empty; a full import fills it again').first().waitFor();
  await page.getByRole('row', { name: /^Mail/ }).click();
  await page.keyboard.press('Delete');
  await question.getByRole('radio', { name: 'Delete management agent and connector space' }).check();
  await question.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('row', { name: /^Mail/ }).waitFor({ state: 'detached' });
  expect(rig.readConfiguration().agents).toHaveLength(3);
});
