import { readdirSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ConsoleRig, goTo } from './console-rig.ts';

const rig = new ConsoleRig();
beforeAll(() => rig.start());
afterAll(() => rig.stop());

test('F1 opens the page of the node or of the tab at hand', async () => {
  const page = await rig.open();
  const helpOf = async (): Promise<string> => {
    const opened = page.context().waitForEvent('page');
    await page.keyboard.press('F1');
    const help = await opened;
    const heading = (await help.getByRole('heading', { level: 1 }).textContent()) ?? '';
    await help.close();
    return heading;
  };
  await goTo(page, 'Password Synchronization', 'Queue');
  expect(await helpOf()).toBe('Queue');
  await goTo(page, 'Identity Manager', 'Management Agents');
  expect(await helpOf()).toBe('Management Agents');
  await page.getByRole('row', { name: /^ADMA/ }).dblclick();
  await page.getByRole('dialog').waitFor();
  await page.getByRole('tab', { name: 'Configure Directory Partitions' }).click();
  expect(await helpOf()).toBe('Configure Directory Partitions');
  expect(await page.getByRole('dialog').count()).toBe(1);
  await page.context().close();
});

test('every page of the guide that the console names is there', () => {
  const pages = new Set(readdirSync('docs/help').map((name) => name.replace(/\.md$/, '')));
  const sources = readdirSync('src/renderer', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(`src/renderer/${name}`, 'utf8'));
  const named = sources.flatMap((source) =>
    [...source.matchAll(/\bhelp(?:: '|=")([a-z-]+)['"]/g)].map(([, name]) => name ?? ''),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !pages.has(name))).toEqual([]);
});
