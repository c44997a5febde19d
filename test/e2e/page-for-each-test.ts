import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

import type { ConsoleRig } from './console-rig.ts';

export interface PageOptions {
  /** Once, after the rig has started. */
  prepare?(): void;
}

/** Starts the rig for a test file and opens a page for each test, which fails where the page reports a mistake. */
export function pageForEachTest(
  rig: ConsoleRig,
  give: (page: Page) => void | Promise<void>,
  { prepare }: PageOptions = {},
): void {
  let page: Page;
  beforeAll(async () => {
    await rig.start();
    prepare?.();
  });
  beforeEach(async () => {
    page = await rig.open();
    await give(page);
  });
  afterEach(async () => {
    await page.context().close();
    expect(rig.mistakes.splice(0)).toEqual([]);
  });
  afterAll(() => rig.stop());
}
