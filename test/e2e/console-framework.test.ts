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

const tool = (name: string) => page.getByRole('toolbar').getByRole('button', { name, exact: true });
const sheet = (name: string) => page.getByRole('dialog', { name: `${name} Properties` });
const shown = () => page.getByRole('main').getAttribute('aria-label');

test('Back, Forward and Up go where their names say, from the toolbar and by their keys', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await goTo(page, 'Password Synchronization', 'Events');
  await tool('Back').click();
  await tool('Back').click();
  await expect.poll(shown).toBe('Management Agents');
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(shown).toBe('Password Synchronization');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect.poll(shown).toBe('Management Agents');
  await tool('Up One Level').click();
  await expect.poll(shown).toBe('Identity Manager');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(shown).toBe('Carillon');
  await expect.poll(() => tool('Up One Level').isDisabled()).toBe(true);
});

test('the toolbar is one Tab stop, and arrow keys move along it', async () => {
  const stops = page.getByRole('toolbar').locator('button[tabindex="0"]');
  expect(await stops.count()).toBe(1);
  await stops.focus();
  await page.keyboard.press('End');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe('Help');
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
    .toBe(await stops.getAttribute('aria-label'));
});

test('an open menu leads to its neighbours by the arrow keys and under the pointer', async () => {
  const menu = page.getByRole('menu');
  await page.keyboard.press('F10');
  await page.keyboard.press('Enter');
  await menu.getByRole('menuitem', { name: 'Connect to a Server...' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await menu.getByRole('menuitem', { name: 'Refresh' }).waitFor();
  await page.getByRole('menubar').getByRole('menuitem', { name: 'Help' }).hover();
  await menu.getByRole('menuitem', { name: 'Keyboard Shortcuts' }).waitFor();
  await expect.poll(() => menu.count()).toBe(1);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
});

test('two property sheets stand beside the console, one for each object', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  const open = async (name: string): Promise<void> => {
    await page.getByRole('row', { name: new RegExp(`^${name}`) }).click({ position: { x: 20, y: 10 } });
    await page.keyboard.press('Alt+Enter');
    await sheet(name).waitFor();
  };
  await open('ADMA');
  await sheet('ADMA').getByLabel('Description:').fill('Beside');
  // Out of the way, by its title.
  const title = sheet('ADMA').getByRole('heading', { name: 'ADMA Properties' });
  await title.hover();
  await page.mouse.down();
  await page.mouse.move(1000, 640, { steps: 4 });
  await page.mouse.up();
  await open('ENTSSOMA2');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(2);
  // Once more: the sheet that is open already comes to the front.
  await page.keyboard.press('F6');
  await page.getByRole('row', { name: /^ADMA/ }).click({ position: { x: 20, y: 10 } });
  await page.keyboard.press('Alt+Enter');
  const inFront = () =>
    page.evaluate(() => document.activeElement?.closest('[role=dialog]')?.getAttribute('aria-label'));
  await expect.poll(inFront).toBe('ADMA Properties');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(2);
  expect(await sheet('ADMA').getByLabel('Description:').inputValue()).toBe('Beside');
});

test('a sheet and the console behind it both answer to the keyboard', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ADMA/ }).dblclick();
  await sheet('ADMA').getByLabel('Description:').fill('Kept');
  await page.keyboard.press('F6');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') === null))
    .toBe(true);
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  await expect
    .poll(() =>
      page.evaluate(() => document.activeElement?.closest('[role=dialog]')?.getAttribute('aria-label')),
    )
    .toBe('ADMA Properties');
  expect(await sheet('ADMA').getByLabel('Description:').inputValue()).toBe('Kept');
});

test('a dialog that closes gives the focus back, and takes it from nobody who has it by then', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  const row = page.getByRole('row', { name: /^ADMA/ });
  await row.click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  const active = () =>
    page.evaluate(() => document.activeElement?.closest('[role=grid], [role=menubar]')?.getAttribute('role'));
  for (const way of ['grid', 'menubar'] as const) {
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').waitFor();
    if (way === 'menubar')
      await page.evaluate(() => {
        // As fast as a key can be.
        new MutationObserver((_, observer) => {
          if (document.querySelector('[role=alertdialog]') !== null) return;
          observer.disconnect();
          window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F10', cancelable: true }));
        }).observe(document, { childList: true, subtree: true });
      });
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await expect.poll(active).toBe(way);
    // And it stays there.
    await page.waitForTimeout(50);
    expect(await active()).toBe(way);
  }
});

test('a service that comes back keeps the edits of a sheet, and takes them', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ADMA/ }).dblclick();
  await sheet('ADMA').getByLabel('Description:').fill('Over a restart');
  await rig.restart();
  await page.getByText(/^Connected to/).waitFor();
  await sheet('ADMA').getByRole('button', { name: 'OK' }).click();
  await sheet('ADMA').waitFor({ state: 'detached' });
  const { agents } = rig.readConfiguration();
  expect(agents.find(({ id }: { id: string }) => id === agentIds.adma).description).toBe('Over a restart');
});

test('the palette goes to a node by its name', async () => {
  await page.keyboard.press('Control+Shift+P');
  await page.getByRole('combobox', { name: 'Command' }).fill('identity man');
  await page.getByRole('option', { name: /^Identity Manager/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(shown).toBe('Identity Manager');
});

test('the whole event log is in its list, and the filter finds all of it', async () => {
  await goTo(page, 'Password Synchronization', 'Events');
  await page.getByText(/^3\d\d items$/).waitFor();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('seeded');
  // Three times as many as the first answer brings.
  await page.getByText(/^300 of 3\d\d items contain "seeded"$/).waitFor();
  // Who comes back follows the log once: what is logged then is one row.
  await goTo(page, 'Password Synchronization', 'Queue');
  await goTo(page, 'Password Synchronization', 'Events');
  await page.getByLabel('Quick filter').fill('shadow mode');
  await page.getByText('Nothing contains "shadow mode"').waitFor();
  rig.host.configuration.edit(['agents', 1, 'password', 'shadow'], true);
  await page.getByText(/^1 of 3\d\d items contain "shadow mode"$/).waitFor();
});

test('everything can be reached at 1024 by 700 and at 200 % zoom', async () => {
  for (const size of [
    { width: 1024, height: 700 },
    // What 200 % leaves of it.
    { width: 512, height: 350 },
  ]) {
    await page.setViewportSize(size);
    // A list's usual columns fit into the window as long as that has room for a list.
    for (const node of size.width >= 1024 ? ['Events', 'Management Agents'] : []) {
      await goTo(page, node === 'Events' ? 'Password Synchronization' : 'Identity Manager', node);
      const grid = page.getByRole('main', { name: node }).getByRole('grid');
      await expect.poll(() => grid.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    }
    await goTo(page, 'Identity Manager', 'Management Agents');
    await page.getByRole('row', { name: /^ADMA/ }).dblclick();
    await sheet('ADMA').waitFor();
    for (const name of ['OK', 'Cancel', 'Apply']) {
      const end = async (): Promise<readonly [x: number, y: number]> => {
        const box = await sheet('ADMA').getByRole('button', { name }).boundingBox();
        return [(box?.x ?? Number.NaN) + (box?.width ?? 0), (box?.y ?? Number.NaN) + (box?.height ?? 0)];
      };
      await expect.poll(async () => (await end())[0]).toBeLessThanOrEqual(size.width);
      await expect.poll(async () => (await end())[1]).toBeLessThanOrEqual(size.height);
    }
    await page.keyboard.press('Escape');
    await sheet('ADMA').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(size.width);
  }
});

test('a heading is dragged in front of another, and the list stays so', async () => {
  await goTo(page, 'Identity Manager', 'Management Agents');
  await page.getByRole('row', { name: /^ADMA/ }).waitFor();
  const headings = () => page.getByRole('columnheader').allTextContents();
  const before = await headings();
  const heading = (name: string) => page.getByRole('columnheader', { name }).getByRole('button');
  const [from, to] = [await heading('Last run').boundingBox(), await heading('Type').boundingBox()];
  if (from === null || to === null) throw new Error('The headings are not drawn');
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 10, to.y + 10, { steps: 5 });
  await page.mouse.up();
  const after = [before[0], 'Last run', ...before.slice(1).filter((title) => title !== 'Last run')];
  await expect.poll(headings).toEqual(after);
  // A drag sorts nothing, and the name keeps the lead.
  expect(await page.locator('[aria-sort=ascending], [aria-sort=descending]').count()).toBe(0);
  await page.reload();
  await page.getByRole('row', { name: /^ADMA/ }).waitFor();
  await expect.poll(headings).toEqual(after);
});

test('New Window from Here opens a window whose tree begins there', async () => {
  await goTo(page, 'Password Synchronization');
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'New Window from Here' }).click();
  const other = await opened;
  await other.getByRole('treeitem', { name: /^Events/ }).waitFor();
  expect(await other.getByRole('treeitem').first().getAttribute('aria-label')).toMatch(
    /^Password Synchronization/,
  );
  await other.getByText(/^Connected to/).waitFor();
  await other.getByRole('treeitem', { name: /^Events/ }).click();
  // The first window's tree is its own.
  await page.reload();
  await page.getByRole('treeitem', { name: 'Carillon' }).waitFor();
  await expect.poll(shown).toBe('Password Synchronization');
});
