import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { ConsoleRig, goTo } from './console-rig.ts';

/** How long a row may take to show what was done, milliseconds. */
const patience = 15_000;

const rig = new ConsoleRig();
let page: Page;

beforeAll(async () => {
  await rig.start();
  const servers = [{ name: 'INTSVR1.fabrikam.com', serviceAccount: 'FABRIKAM\\ssosvcact' }];
  rig.host.configuration.edit(['singleSignOn', 'servers'], servers);
});
beforeEach(async () => {
  page = await rig.open();
});
afterEach(async () => {
  await page.context().close();
  expect(rig.mistakes.splice(0)).toEqual([]);
});
afterAll(() => rig.stop());

const action = (name: string) =>
  page.getByRole('region', { name: 'Actions' }).getByRole('button', { name, exact: true });
const row = () => page.getByRole('row', { name: /^INTSVR1/ });

test('a server is stopped, stays stopped over a restart, and is started again', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await action('Enable').click();
  await goTo(page, 'Servers');
  await expect.poll(() => row().textContent(), { timeout: patience }).toContain('Online');
  await row().click();
  expect(await action('Start').isDisabled()).toBe(true);
  await action('Stop...').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
  await expect.poll(() => row().textContent(), { timeout: patience }).toContain('Stopped');
  await rig.restart();
  await page.getByText('The connection to the service is lost').waitFor({ state: 'detached' });
  await page.getByText(/^Connected to/).waitFor();
  await expect.poll(() => row().textContent(), { timeout: patience }).toContain('Stopped');
  expect(rig.readConfiguration().singleSignOn.system.enabled).toBe(true);
  await row().click();
  await action('Start').click();
  await expect.poll(() => row().textContent(), { timeout: patience }).toContain('Online');
});

test('event counts start again from 0', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'Servers');
  await row().click();
  await action('Reset Event Counts...').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Reset' }).click();
  await expect
    .poll(() => row().textContent(), { timeout: patience })
    .toContain('Info 0, Warning 0, Errors 0');
});

test('what is out of its documented range is refused while it is typed', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await action('Properties').click();
  const sheet = page.getByRole('dialog', { name: 'System Properties' });
  const timeout = sheet.getByLabel('Ticket timeout (in minutes):');
  expect(await timeout.inputValue()).toBe('2');
  await timeout.fill('525601');
  await sheet.getByText('Enter a whole number from 1 to 525600').waitFor();
  await sheet.getByRole('button', { name: 'OK' }).click();
  expect(await sheet.isVisible()).toBe(true);
  await timeout.fill('5');
  await sheet.getByRole('button', { name: 'OK' }).click();
  await sheet.waitFor({ state: 'detached' });
  expect(rig.readConfiguration().singleSignOn.system.ticketTimeout).toBe(5);
});

test('a server sheet has the documented pages and defaults', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'Servers');
  await row().dblclick();
  const sheet = page.getByRole('dialog', { name: 'INTSVR1.fabrikam.com Properties' });
  for (const name of ['Audit Levels', 'SSO Database', 'SSO Service', 'Password Sync', 'Advanced'])
    await sheet.getByRole('tab', { name, exact: true }).waitFor();
  expect(await sheet.getByRole('tab').count()).toBe(5);
  expect(await sheet.getByLabel('Positive Audit Level:').inputValue()).toBe('none');
  expect(await sheet.getByLabel('Negative Audit Level:').inputValue()).toBe('low');
  await sheet.getByRole('tab', { name: 'SSO Database' }).click();
  expect(await sheet.getByLabel('SSO Database:').inputValue()).toBe('SSODB');
  await sheet.getByRole('tab', { name: 'Advanced' }).click();
  expect(await sheet.getByRole('checkbox', { name: 'Allow Remote Lookup' }).isChecked()).toBe(false);
});
