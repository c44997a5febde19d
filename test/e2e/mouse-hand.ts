import type { Locator, Page } from 'playwright-core';

import { goTo } from './console-rig.ts';
import type { Hand } from './hand.ts';

/** Somebody with a mouse; types only into boxes. */
export function mouseHand(page: Page): Hand {
  const front = (): Locator => page.getByRole('dialog').last();
  const row = (name: string): Locator => page.getByRole('row', { name: new RegExp(`^${name}\\b`) });
  const pick = (item: string): Promise<void> =>
    page.getByRole('menuitem', { name: item, exact: true }).click();
  const node = (label: string): Locator => page.getByRole('treeitem', { name: new RegExp(`^${label}(,|$)`) });
  return {
    node: (...labels) => goTo(page, ...labels),
    async nodeMenu(label, item) {
      await node(label).click({ button: 'right' });
      await pick(item);
    },
    row: (name) => row(name).click(),
    async rowMenu(name, item) {
      await row(name).click({ button: 'right' });
      await pick(item);
    },
    action: (label) =>
      page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: label, exact: true }).click(),
    async menu(menu, item) {
      await page.getByRole('menubar').getByRole('menuitem', { name: menu }).click();
      await pick(item);
    },
    tab: (label) => front().getByRole('tab', { name: label, exact: true }).click(),
    tick: (label, on) => front().getByRole('checkbox', { name: label, exact: true }).setChecked(on),
    press: (label) => front().getByRole('button', { name: label, exact: true }).click(),
    type: (label, text) => front().getByLabel(label, { exact: true }).fill(text),
    async accept() {
      // Itself, not its place: what a modal dialog hides comes back in its place.
      const dialog = await front().elementHandle();
      await front().getByRole('button', { name: 'OK', exact: true }).click();
      await dialog?.waitForElementState('hidden');
    },
  };
}
