import type { Locator, Page } from 'playwright-core';

import type { Hand } from './hand.ts';

/** Presses after which something that should be on the way was missed. */
const mostPresses = 120;

/** Somebody who never touches the mouse. */
export function keyboardHand(page: Page): Hand {
  const { keyboard } = page;
  const front = (): Locator => page.getByRole('dialog').last();
  const isFocused = (locator: Locator): Promise<boolean> =>
    locator.evaluate((element) => element === document.activeElement);

  /** Presses a key until the thing has the focus. */
  async function reach(what: Locator, key: string): Promise<void> {
    await what.waitFor();
    for (let pressed = 0; pressed < mostPresses; pressed += 1) {
      if (await isFocused(what)) return;
      await keyboard.press(key);
    }
    throw new Error(`${key} does not lead to ${what}`);
  }

  /** F6 until the pane has the focus or holds what has it. */
  async function pane(what: Locator): Promise<void> {
    for (let pressed = 0; pressed < 6; pressed += 1) {
      if (await what.evaluate((element) => element.contains(document.activeElement))) return;
      await keyboard.press('F6');
    }
    throw new Error(`F6 does not lead to ${what}`);
  }

  async function pick(item: string): Promise<void> {
    await reach(page.getByRole('menuitem', { name: item, exact: true }), 'ArrowDown');
    await keyboard.press('Enter');
  }

  async function selectNode(labels: readonly string[]): Promise<void> {
    await pane(page.getByRole('tree'));
    await keyboard.press('Home');
    for (const [index, label] of labels.entries()) {
      const item = page.getByRole('treeitem', { name: new RegExp(`^${label}(,|$)`) });
      await reach(item, 'ArrowDown');
      if (index < labels.length - 1 && (await item.getAttribute('aria-expanded')) === 'false')
        await keyboard.press('ArrowRight');
    }
  }

  async function selectRow(name: string): Promise<void> {
    const grid = page.getByRole('main').getByRole('grid');
    await pane(grid);
    await keyboard.press('Home');
    const row = page.getByRole('row', { name: new RegExp(`^${name}\\b`) });
    await row.waitFor();
    for (let pressed = 0; pressed < mostPresses; pressed += 1) {
      if ((await row.getAttribute('aria-selected')) === 'true') return;
      await keyboard.press('ArrowDown');
    }
    throw new Error(`ArrowDown does not lead to the row ${name}`);
  }

  return {
    node: (...labels) => selectNode(labels),
    async nodeMenu(label, item) {
      await pane(page.getByRole('tree'));
      await reach(page.getByRole('treeitem', { name: new RegExp(`^${label}(,|$)`) }), 'ArrowDown');
      await keyboard.press('Shift+F10');
      await pick(item);
    },
    row: selectRow,
    async rowMenu(name, item) {
      await selectRow(name);
      await keyboard.press('Shift+F10');
      await pick(item);
    },
    async action(label) {
      const actions = page.getByRole('region', { name: 'Actions' });
      await pane(actions);
      await reach(actions.getByRole('button', { name: label, exact: true }), 'Tab');
      await keyboard.press('Enter');
    },
    async menu(menu, item) {
      await keyboard.press('F10');
      await reach(page.getByRole('menubar').getByRole('menuitem', { name: menu }), 'ArrowRight');
      await keyboard.press('Enter');
      await pick(item);
    },
    async tab(label) {
      const tab = front().getByRole('tab', { name: label, exact: true });
      await tab.waitFor();
      for (let pressed = 0; pressed < mostPresses; pressed += 1) {
        if ((await tab.getAttribute('aria-selected')) === 'true') return;
        await keyboard.press('Control+PageDown');
      }
      throw new Error(`Ctrl+Page Down does not lead to ${label}`);
    },
    async tick(label, on) {
      const box = front().getByRole('checkbox', { name: label, exact: true });
      await reach(box, 'Tab');
      if ((await box.isChecked()) !== on) await keyboard.press('Space');
    },
    async press(label) {
      await reach(front().getByRole('button', { name: label, exact: true }), 'Tab');
      await keyboard.press('Enter');
    },
    async type(label, text) {
      await reach(front().getByLabel(label, { exact: true }), 'Tab');
      await keyboard.press('Control+a');
      await keyboard.type(text);
    },
    async accept() {
      // Itself, not its place: what a modal dialog hides comes back in its place.
      const dialog = await front().elementHandle();
      await reach(front().getByRole('button', { name: 'OK', exact: true }), 'Tab');
      await keyboard.press('Enter');
      await dialog?.waitForElementState('hidden');
    },
  };
}
