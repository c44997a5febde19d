import axe from 'axe-core';
import type { Page } from 'playwright-core';

export type AxeScope = 'everything' | 'colours';

/** What axe-core finds against WCAG 2.2 AA in the page as it stands, one line each. */
export async function findViolations(page: Page, scope: AxeScope): Promise<readonly string[]> {
  // A script tag would break the page's content security policy; the debugger's own evaluation does not.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return await page.evaluate(async (colours) => {
    const checker = (globalThis as unknown as { readonly axe: typeof axe }).axe;
    const { violations } = await checker.run(
      // The focus sentinels of the menu library are never focused for longer than a turn.
      { exclude: ['[data-tabster-dummy]'] },
      {
        // Splitters stand between the landmarks, as in every desktop console.
        rules: { region: { enabled: false } },
        runOnly: colours
          ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
          : {
              type: 'tag',
              values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            },
      },
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1] ?? ''}`),
    );
  }, scope === 'colours');
}
