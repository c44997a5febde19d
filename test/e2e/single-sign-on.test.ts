import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { ConsoleRig, goTo } from './console-rig.ts';
import { pageForEachTest } from './page-for-each-test.ts';

/** How long a row may take to show what was done, milliseconds. */
const patience = 15_000;

const rig = new ConsoleRig();
let page: Page;

pageForEachTest(
  rig,
  (opened) => {
    page = opened;
  },
  { prepare: () => rig.addServer() },
);

const action = (name: string) =>
  page.getByRole('region', { name: 'Actions' }).getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name });
const row = () => page.getByRole('row', { name: /^INTSVR1/ });

test('a server is stopped, stays stopped over a restart, and is started again', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await action('Enable').click();
  await goTo(page, 'Servers');
  await expect.poll(() => row().textContent(), { timeout: patience }).toContain('Online');
  await row().click();
  await expect.poll(() => action('Start').isDisabled()).toBe(true);
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

test('the credential database is where the page says, and moving it says what is lacking', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await page.getByText('This server, in its own store').waitFor();
  await action('Create Database...').click();
  const create = dialog('Create Database');
  expect(await create.getByLabel('SSO Database:').inputValue()).toBe('SSODB');
  await create.getByRole('button', { name: 'Create' }).click();
  await create.getByText('Enter the name of the server').waitFor();
  await create.getByLabel('SQL Server:').fill('127.0.0.1');
  await create.getByLabel('Port:').fill('1');
  await create.getByLabel('User:').fill('svc_sso');
  await create.getByLabel('Password:').fill('Fig-Orchard-17');
  await create.getByRole('button', { name: 'Show command' }).click();
  await create.getByText('carillon ssoconfig -createdb 127.0.0.1:1 SSODB svc_sso').waitFor();
  await create.getByRole('button', { name: 'Create' }).click();
  await create.getByText('The credential database SSODB at 127.0.0.1:1 is away').waitFor();
  await page.screenshot({ path: 'out/screenshots/create-database.png' });
  await create.getByRole('button', { name: 'Cancel' }).click();
  await create.waitFor({ state: 'detached' });
  expect(rig.readConfiguration().singleSignOn.sharedDatabase).toBeUndefined();
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

const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

test('an application is made by the keyboard alone, disabled, with its documented defaults', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'Affiliate Applications');
  await press('Control+Shift+P');
  await page.keyboard.type('New...');
  await press('Enter');
  const wizard = dialog('Create New Affiliate Application');
  await wizard.getByRole('heading', { name: 'General' }).waitFor();
  await press('Alt+n');
  await wizard.getByText('Enter a name').waitFor();
  await page.keyboard.type('Payroll');
  // Past description and contact to the first box.
  await press('Tab', 'Tab', 'Tab', 'Space', 'Alt+n');
  await wizard.getByRole('heading', { name: 'Options' }).waitFor();
  await press('Alt+n');
  await wizard.getByRole('heading', { name: 'Fields' }).waitFor();
  await press('Alt+n');
  await wizard.getByRole('heading', { name: 'Accounts' }).waitFor();
  await page.keyboard.type('.\\Payroll Admins');
  await press('Tab');
  await page.keyboard.type('.\\Payroll Users');
  await press('Tab');
  await wizard.getByRole('button', { name: 'Show command' }).press('Enter');
  await wizard.getByText(/carillon ssomanage -createapps Payroll\.xml/).waitFor();
  await wizard.getByRole('button', { name: 'Create' }).press('Enter');
  await wizard.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^Payroll/ }).waitFor();
  const client = rig.connect();
  expect(await client.call('sso.application', { name: 'Payroll' })).toMatchObject({
    enabled: false,
    allowLocalAccounts: true,
    allowWindowsInitiatedSso: true,
    timeoutTickets: true,
    fields: [{ label: 'User ID' }, { label: 'Password', masked: true, synchronized: true }],
  });
  await client.call('sso.deleteApplications', { names: ['Payroll'] });
  client.close();
});

test('edits of an application outlive what somebody else saved meanwhile', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'Affiliate Applications');
  await page.getByRole('row', { name: /^Ledger/ }).dblclick();
  const sheet = dialog('Ledger Properties');
  for (const name of ['General', 'Options', 'Fields', 'Accounts'])
    await sheet.getByRole('tab', { name, exact: true }).waitFor();
  await sheet.getByLabel('Description:').fill('Books');
  const client = rig.connect();
  await client.call('sso.updateApplications', {
    updates: [{ name: 'Ledger', changes: { contact: 'anna' } }],
  });
  await sheet.getByText('Somebody else changed').waitFor();
  await sheet.getByRole('button', { name: 'Read again and keep my edits' }).click();
  await expect
    .poll(() => sheet.getByLabel('Contact information:').inputValue(), { timeout: patience })
    .toBe('anna');
  expect(await sheet.getByLabel('Description:').inputValue()).toBe('Books');
  await sheet.getByRole('button', { name: 'OK' }).click();
  await sheet.waitFor({ state: 'detached' });
  expect(await client.call('sso.application', { name: 'Ledger' })).toMatchObject({
    description: 'Books',
    contact: 'anna',
  });
  client.close();
});

test('the master secret is generated with a backup, and then credentials are set and mappings deleted', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  await page.getByText('There is no master secret').waitFor();
  await action('Generate Secret...').click();
  const generate = dialog('Generate Secret');
  await generate.getByLabel('Backup file:').fill(`${rig.directory}/secret.bak`);
  await generate.getByLabel('Secret backup password:').fill('short');
  await generate.getByRole('button', { name: 'Generate' }).click();
  await generate.getByText('Enter 7 to 256 characters').waitFor();
  await generate.getByLabel('Secret backup password:').fill('Backup-Pass-1');
  await generate.getByLabel('Confirm password:').fill('Backup-Pass-1');
  await generate.getByRole('button', { name: 'Generate' }).click();
  await generate.waitFor({ state: 'detached' });
  await page.getByText('There is no master secret').waitFor({ state: 'detached' });
  await goTo(page, 'Affiliate Applications', 'Ledger');
  const mapping = (name: string) => page.getByRole('row', { name: new RegExp(`^FABRIKAM\\\\${name}`) });
  await mapping('carol').click();
  await action('Set Credentials...').click();
  const credentials = dialog('Set Credentials');
  await credentials.getByLabel(/^Password:/).fill('Ledger-Pass-1');
  await credentials.getByLabel('Confirm Password:').fill('Ledger-Pass-2');
  await press('Enter');
  await credentials.getByText('Is not the same as above').waitFor();
  await credentials.getByLabel('Confirm Password:').fill('Ledger-Pass-1');
  await press('Enter');
  await credentials.waitFor({ state: 'detached' });
  // The application has a Delete of its own above it.
  await action('Delete').last().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await mapping('carol').waitFor({ state: 'detached' });
  await mapping('bob').click();
  await expect.poll(() => action('Delete').last().isDisabled()).toBe(true);
  await action('Disable').click();
  await expect.poll(() => mapping('bob').textContent(), { timeout: patience }).toContain('Disabled');
});

test('an adapter takes its documented ranges and applications, a filter shows what it does', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'Password Management');
  await page.getByRole('row', { name: /^OpenLDAP/ }).dblclick();
  const sheet = dialog('OpenLDAP Properties');
  const tabs = ['General', 'Accounts', 'Options', 'Properties', 'System', 'Custom'];
  for (const name of tabs) await sheet.getByRole('tab', { name, exact: true }).waitFor();
  await sheet.getByRole('tab', { name: 'System' }).click();
  const values = [
    'Notification Retry Count:',
    'Notification Retry Delay (in mins):',
    'Maximum Pending Notifications:',
  ];
  const read = values.map((label) => sheet.getByLabel(label).inputValue());
  expect(await Promise.all(read)).toEqual(['5', '1', '8']);
  await sheet.getByLabel('Maximum Pending Notifications:').fill('1001');
  await sheet.getByText('Enter a whole number from 1 to 1000').waitFor();
  await sheet.getByLabel('Maximum Pending Notifications:').fill('4');
  await sheet.getByRole('button', { name: 'OK' }).click();
  await sheet.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^OpenLDAP/ }).click();
  await action('Assign Applications...').click();
  await dialog('Assign Applications').getByLabel('Ledger').click();
  await dialog('Assign Applications').getByRole('button', { name: 'OK' }).click();
  await dialog('Assign Applications').waitFor({ state: 'detached' });
  await expect
    .poll(() => page.getByRole('row', { name: /^OpenLDAP/ }).textContent(), { timeout: patience })
    .toContain('Ledger');
  await page.getByRole('row', { name: /^Short/ }).dblclick();
  const filter = dialog('Short Properties');
  await filter.getByRole('tab', { name: 'Basic' }).click();
  await filter.getByLabel('Original (no password in use):').fill('geheim-12');
  await expect.poll(() => filter.getByRole('status').last().textContent()).toBe('GEHEIM-1');
  await filter.getByText('Passwords that differ only in case become the same').waitFor();
  await filter.getByRole('button', { name: 'Cancel' }).click();
  await filter.waitFor({ state: 'detached' });
  await action('Show Damping Table...').click();
  const damping = dialog('Damping Table');
  await damping.getByText('No password change of the last 10 minutes is remembered.').waitFor();
  await damping.getByRole('button', { name: 'Close' }).click();
  await damping.waitFor({ state: 'detached' });
});
