import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { ConsoleRig, goTo, openTree } from './console-rig.ts';
import { pageForEachTest } from './page-for-each-test.ts';

const rig = new ConsoleRig();
let page: Page;

pageForEachTest(rig, (opened) => {
  page = opened;
});

const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
const rows = () => page.getByRole('row').filter({ has: page.getByRole('rowheader') });

test('the tree is walked with arrows, Home, End, letters and the keypad', async () => {
  const { keyboard } = page;
  await page.getByRole('treeitem', { name: 'Carillon' }).focus();
  await keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('Enterprise Single Sign-On');
  await keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('Identity Manager');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await expect.poll(focused).toBe('Management Agents');
  await keyboard.press('ArrowLeft');
  await expect.poll(focused).toBe('Identity Manager');
  await keyboard.press('NumpadSubtract');
  await page.getByRole('treeitem', { name: 'Management Agents' }).waitFor({ state: 'detached' });
  await keyboard.press('End');
  await expect.poll(focused).toBe('Snapshots');
  await keyboard.press('Home');
  await keyboard.type('id');
  await expect.poll(focused).toBe('Identity Manager');
});

test('every node shows something, and walking to it opens and writes nothing', async () => {
  const before = rig.host.configuration.running.revision;
  await openTree(page);
  const count = await page.getByRole('treeitem').count();
  expect(count).toBeGreaterThan(10);
  for (let index = 0; index < count; index += 1) {
    await expect.poll(async () => (await page.getByRole('main').textContent())?.length).toBeGreaterThan(10);
    await page.keyboard.press('ArrowDown');
  }
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(rig.host.configuration.running.revision).toBe(before);
});

test('a list sorts, filters, counts and selects like a Windows list', async () => {
  await goTo(page, 'Password Synchronization', 'Events');
  await expect.poll(() => page.getByRole('main').textContent()).toMatch(/3\d\d items/);
  const heading = page.getByRole('columnheader', { name: 'Event ID' });
  await heading.click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('ascending');
  await heading.click();
  await expect.poll(() => heading.getAttribute('aria-sort')).toBe('descending');
  await page.keyboard.press('Control+f');
  // Three digits beside each other are in no date and no time.
  await page.keyboard.type('event 299');
  await expect.poll(() => page.getByRole('main').textContent()).toMatch(/Events1 of 3\d\d items/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await rows().nth(2).click();
  await rows()
    .nth(5)
    .click({ modifiers: ['Shift'] });
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toMatch(/4 of 3\d\d items selected/);
  await rows()
    .nth(3)
    .click({ modifiers: ['Control'] });
  await expect.poll(() => page.getByRole('contentinfo').textContent()).toMatch(/3 of 3\d\d items selected/);
  await page.keyboard.press('Control+a');
  await expect
    .poll(() => page.getByRole('contentinfo').textContent())
    .toMatch(/(3\d\d) of \1 items selected/);
});

test('columns are hidden and come back, and the list remembers them', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('button', { name: 'Add/Remove Columns...' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add/Remove Columns' });
  await dialog.getByRole('checkbox', { name: 'Type' }).click();
  await dialog.getByRole('button', { name: 'OK' }).click();
  await page.getByRole('columnheader', { name: 'Type' }).waitFor({ state: 'detached' });
  await goTo(page, 'Operations');
  await page.getByRole('main', { name: 'Operations' }).waitFor();
  await goTo(page, 'Management Agents');
  await rows().first().waitFor();
  expect(await page.getByRole('columnheader', { name: 'Type' }).count()).toBe(0);
});

test('Export List writes the visible columns, headings first', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await rows().first().waitFor();
  await page.getByRole('button', { name: 'Export List...' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  const stream = await (await download).createReadStream();
  const text = Buffer.concat(await stream.toArray()).toString();
  const [first, ...others] = text.trim().split(/\r?\n/);
  expect(first).toContain('Name');
  expect(others).toHaveLength(3);
  expect(others[0]).toContain('ADMA');
});

test('context menu, Action menu and actions pane offer the same commands in the same order', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  const row = page.getByRole('row', { name: /^ADMA/ });
  await row.click();
  const pane = page.getByRole('region', { name: 'Actions' });
  const group = pane.locator('div').filter({ has: page.getByRole('heading', { name: 'ADMA' }) });
  await pane.getByRole('heading', { name: 'ADMA' }).waitFor();
  const actions = await group.getByRole('button', { disabled: false }).allInnerTexts();
  await row.click({ button: 'right' });
  const texts = async () =>
    (
      await page
        .getByRole('menu')
        .last()
        .locator('[role^=menuitem]:not([aria-disabled=true])')
        .allInnerTexts()
    ).map((text) => text.split('\n')[0]);
  await expect.poll(texts).toEqual(actions);
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem', { name: 'Action' }).click();
  await expect.poll(texts).toEqual(actions);
});

test('a right click on a row that is not selected offers the commands of that row', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ENTSSOMA2/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Properties' }).click();
  await page.getByRole('dialog', { name: 'ENTSSOMA2 Properties' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('treeitem', { name: 'Carillon' }).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  expect(await page.getByRole('menuitem', { name: 'Create...' }).count()).toBe(0);
});

test('F6 goes round the panes', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  const pane = () =>
    page.evaluate(() => document.activeElement?.closest('[role=tree], main, aside')?.tagName ?? '');
  await page.keyboard.press('F6');
  await expect.poll(pane).toBe('MAIN');
  await page.keyboard.press('F6');
  await expect.poll(pane).toBe('ASIDE');
  await page.keyboard.press('F6');
  await expect.poll(focused).toBe('Management Agents');
});

test('a lost connection shows at once and comes back by itself', async () => {
  rig.cut();
  await page.getByText('The connection to the service is lost').waitFor();
  rig.mend();
  await page.getByText(/^Connected to/).waitFor();
  await page.getByText('The connection to the service is lost').waitFor({ state: 'detached' });
});

test('Identity Manager and Password Synchronization show how they stand, and lead on', async () => {
  await goTo(page, 'Identity Manager');
  const main = page.getByRole('main');
  await main.getByRole('table', { name: 'Management agents' }).getByRole('cell', { name: 'ADMA' }).waitFor();
  await main.getByRole('button', { name: 'Joiner' }).click();
  await page.getByRole('main', { name: 'Joiner' }).waitFor();
  await goTo(page, 'Password Synchronization');
  await main.getByText('Password synchronization is disabled').waitFor();
  await main.getByRole('table', { name: 'Sources and targets' }).waitFor({ state: 'detached' });
  await main.getByRole('button', { name: 'Queue' }).click();
  await page.getByRole('main', { name: 'Queue' }).waitFor();
});

test('what needs attention leads to the page of the sheet where it is mended', async () => {
  const place = page.getByRole('button', { name: 'ADMA Properties: Connect to Active Directory Forest' });
  await place.click();
  const sheet = page.getByRole('dialog', { name: 'ADMA Properties' });
  const tab = sheet.getByRole('tab', { name: 'Connect to Active Directory Forest' });
  await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true');
});
