import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ConsoleRig, goTo, openTree } from './console-rig.ts';
import { type AxeScope, findViolations } from './find-violations.ts';

const rig = new ConsoleRig();
beforeAll(async () => {
  await rig.start();
  rig.host.configuration.edit(['singleSignOn', 'servers'], [{ name: 'INTSVR1.fabrikam.com' }]);
});
afterAll(() => rig.stop());

/** What a page is made of is the same in every look; what changes are its colours. */
const looks: Readonly<Record<string, BrowserContextOptions & { readonly scope: AxeScope }>> = {
  light: { colorScheme: 'light', scope: 'everything' },
  dark: { colorScheme: 'dark', scope: 'colours' },
  'forced colours': { forcedColors: 'active', scope: 'colours' },
};

async function settle(page: Page): Promise<void> {
  // Fluent fades dialogs in; half-faded text has no contrast.
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
  );
}

test.each(Object.entries(looks))(
  'no node and no dialog has a violation in %s',
  async (_, { scope, ...look }) => {
    const page = await rig.open({ reducedMotion: 'reduce', ...look });
    const found = new Map<string, readonly string[]>();
    const check = async (place: string): Promise<void> => {
      await settle(page);
      const violations = await findViolations(page, scope);
      if (violations.length > 0) found.set(place, violations);
    };
    const button = (name: string) => page.getByRole('button', { name, exact: true });

    await openTree(page);
    const count = await page.getByRole('treeitem').count();
    for (let index = 0; index < count; index += 1) {
      await check((await page.getByRole('main').getAttribute('aria-label')) ?? '');
      await page.keyboard.press('ArrowDown');
    }

    await goTo(page, 'Management Agents');
    await page.getByRole('row', { name: /^ADMA/ }).click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await check('context menu');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^ADMA/ }).dblclick();
    await page.getByRole('dialog').waitFor();
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await check(`agent sheet, ${await tab.textContent()}`);
    }
    await button('Target Settings').click();
    await check('Target Settings');
    await page.getByLabel('Maximum retry count:').fill('99999');
    await check('Target Settings with an error');
    await page.getByRole('dialog').last().getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Target Settings' }).waitFor({ state: 'detached' });
    await button('Cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const label of ['Create...', 'Add/Remove Columns...', 'Export List...']) {
      await button(label).click();
      await page.getByRole('dialog').waitFor();
      await check(label);
      await button('Cancel').click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    for (const label of [
      'Configure Run Profiles',
      'Search Connector Space',
      'Run...',
      'Test Connection',
      'Refresh Schema',
    ]) {
      await page.getByRole('row', { name: /^ADMA/ }).click();
      await button(label).click();
      await page.getByRole('dialog').waitFor();
      await check(label);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    for (const [node, row] of [
      ['System', undefined],
      ['Servers', /^INTSVR1/],
      ['Affiliate Applications', /^Ledger/],
      ['Password Management', /^OpenLDAP/],
      ['Password Management', /^Short/],
      ['Events', /^(Information|Error)/],
    ] as const) {
      await goTo(page, node);
      if (row !== undefined) await page.getByRole('row', { name: row }).first().click();
      await button('Properties').last().click();
      await page.getByRole('dialog').waitFor();
      for (const tab of await page.getByRole('dialog').getByRole('tab').all()) {
        await tab.click();
        await check(`${node}, ${await tab.textContent()}`);
      }
      await check(`${node} Properties`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await goTo(page, 'Metaverse Designer');
    await button('Configure Object Deletion Rule').click();
    await page.getByLabel(/^When a connector from any/).click();
    await check('Object Deletion Rule');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await goTo(page, 'Metaverse Search');
    await button('Search by clauses').click();
    await check('clauses');
    for (const [node, label] of [
      ['System', 'Generate Secret...'],
      ['System', 'Restore Secret...'],
      ['Affiliate Applications', 'New...'],
      ['Ledger', 'New Mapping...'],
      ['Ledger', 'Create Mappings...'],
      ['Password Management', 'Create...'],
    ] as const) {
      await goTo(page, node);
      await button(label).click();
      await page.getByRole('dialog').waitFor();
      await check(label);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await goTo(page, 'Trace');
    await button('Find Change...').click();
    await page.getByRole('dialog', { name: 'Find Change' }).waitFor();
    await check('Find Change');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('menuitem', { name: 'Tools' }).click();
    await page.getByRole('menuitem', { name: 'Options' }).click();
    await page.getByRole('dialog', { name: 'Options' }).waitFor();
    await check('Options');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('dialog').waitFor();
    await check('command palette');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await goTo(page, 'Management Agents');
    await page.getByRole('row', { name: /^ADMA/ }).click();
    await button('Delete').click();
    await page.getByRole('alertdialog').waitFor();
    await check('confirmation');
    await page.keyboard.press('Escape');
    expect(Object.fromEntries(found)).toEqual({});
    await page.context().close();
  },
  600_000,
);
