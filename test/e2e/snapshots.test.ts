import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { agentIds } from './console-configuration.ts';
import { ConsoleRig, goTo } from './console-rig.ts';

const rig = new ConsoleRig();
let page: Page;

beforeAll(() => rig.start());
beforeEach(async () => {
  page = await rig.open();
});
afterEach(async () => {
  await page.context().close();
  expect(rig.mistakes.splice(0)).toEqual([]);
});
afterAll(() => rig.stop());

const rows = () => page.getByRole('row').filter({ has: page.getByRole('rowheader') });

function setRetryCount(value: number): void {
  rig.host.configuration.edit(['agents', 1, 'password', 'retryCount'], value, 'tester');
}

function retryCount(): number | undefined {
  return rig.host.configuration.configuration.agents[1]?.password.retryCount;
}

async function perform(name: string): Promise<void> {
  await page.getByRole('complementary').getByRole('button', { name, exact: true }).click();
}

test('a change leaves who, from and to, and is compared, restored and taken back', async () => {
  await goTo(page, 'Snapshots');
  await expect.poll(() => rows().count()).toBeGreaterThan(0);
  setRetryCount(3);
  const changed = rows().filter({ hasText: 'Maximum retry count: 10 → 3' });
  await changed.waitFor();
  expect(await changed.textContent()).toContain('tester');

  await rows().filter({ hasText: 'The first start' }).click();
  await perform('Compare with Server');
  const table = page.getByRole('table', { name: 'Comparison' });
  const line = table.getByRole('row').filter({ hasText: 'Maximum retry count' });
  await line.waitFor();
  expect(await line.getByRole('cell').allTextContents()).toEqual(['Maximum retry count', '10', '3']);
  const few = await table.getByRole('row').count();
  await page.getByRole('radio', { name: 'Everything' }).click();
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(few + 20);
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  await rows().filter({ hasText: 'The first start' }).click();
  await perform('Restore...');
  await page.getByRole('checkbox', { name: 'Change Management agent "ENTSSOMA"' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect.poll(retryCount).toBe(10);
  await rows().filter({ hasText: 'Restore' }).filter({ hasText: 'Maximum retry count: 3 → 10' }).waitFor();

  await goTo(page, 'Snapshots');
  await perform('Undo Restore...');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(retryCount).toBe(3);
});

test('the configuration and a part of it are exported to files without a secret', async () => {
  await goTo(page, 'Enterprise Single Sign-On', 'System');
  const [whole] = await Promise.all([page.waitForEvent('download'), perform('Export Snapshot')]);
  expect(whole.suggestedFilename()).toMatch(/^carillon-.*\.json$/);
  const file = JSON.parse(readFileSync(await whole.path(), 'utf8'));
  expect(file).toMatchObject({ format: 'carillon-snapshot', schema: 1 });
  expect(file.body.configuration.agents).toHaveLength(3);
  expect(file.body.secrets[`agents/${agentIds.first}`]).toBe('not set');

  await goTo(page, 'Identity Manager', 'Management Agents');
  await rows().filter({ hasText: 'ENTSSOMA2' }).click();
  const [part] = await Promise.all([page.waitForEvent('download'), perform('Export Snapshot')]);
  const { body } = JSON.parse(readFileSync(await part.path(), 'utf8'));
  expect(body.parts).toEqual([`agents/${agentIds.second}`]);
  expect(Object.keys(body.configuration)).toEqual(['agents']);
});
