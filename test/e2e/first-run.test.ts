import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { LabDesk } from '#host/console/lab-desk.ts';
import { namespaceMarker } from '#lab/namespace.ts';

import { ConsoleRig } from './console-rig.ts';
import { findViolations } from './find-violations.ts';

const rig = new ConsoleRig();
const used = new ConsoleRig();
let page: Page;

beforeAll(async () => {
  await rig.start('new');
  await used.start();
});
beforeEach(async () => {
  page = await rig.open();
});
afterEach(async () => {
  await page.context().close();
  expect(rig.mistakes.splice(0)).toEqual([]);
});
afterAll(async () => {
  await used.stop();
  await rig.stop();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name });

/** File > Open Console, up to the browser's own dialog. */
async function openConsole() {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'File' }).click();
  await page.getByRole('menuitem', { name: /^Open Console/ }).click();
  return await chooser;
}

/** Screenshots are looked at, not kept. */
async function picture(name: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../out/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

test('a new console offers three ways, and says why one of them is closed', async () => {
  await page.getByRole('heading', { name: 'Welcome to Carillon' }).waitFor();
  expect(await button('Set up...').isEnabled()).toBe(true);
  expect(await button('Connect...').isEnabled()).toBe(true);
  await page.getByText('This console came without a lab').waitFor();
  expect(await button('Open lab').isDisabled()).toBe(true);
  await picture('first-run');
});

test('Connect to a Server refuses what is no service, and Cancel stays where it was', async () => {
  await button('Connect...').click();
  const connect = dialog('Connect to a Server');
  await connect.getByText('A service on this computer, by its data directory').click();
  const directory = connect.getByLabel('Data directory:');
  await directory.fill('relative/folder');
  await connect.getByText('Enter the full path of a folder on this computer').waitFor();
  expect(await connect.getByRole('button', { name: 'Connect' }).isDisabled()).toBe(true);
  await directory.fill(join(rig.directory, 'nobody'));
  await connect.getByRole('button', { name: 'Connect' }).click();
  await connect.getByText(/No service runs in/).waitFor();
  await connect.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText(/^Connected to/).waitFor();
  await page.getByRole('heading', { name: 'Welcome to Carillon' }).waitFor();
});

test('Connect to a Server shows another service, and its console file leads back to it', async () => {
  await button('Connect...').click();
  const connect = dialog('Connect to a Server');
  await connect.getByText('A service on this computer, by its data directory').click();
  await connect.getByLabel('Data directory:').fill(used.directory);
  await connect.getByRole('button', { name: 'Connect' }).click();
  await connect.waitFor({ state: 'detached' });
  await page.getByText(used.directory, { exact: true }).waitFor();
  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+s');
  const path = await (await download).path();
  await page.reload();
  await page.getByText(rig.directory, { exact: true }).waitFor();
  await (await openConsole()).setFiles(path);
  await page.getByText(used.directory, { exact: true }).waitFor();
});

test('a file that is no console file is refused in words', async () => {
  await (await openConsole()).setFiles({
    name: 'other.carillon',
    mimeType: 'application/json',
    buffer: Buffer.from('{"carillon":2}'),
  });
  await page
    .getByText(/"other.carillon" is no console file of this version/)
    .last()
    .waitFor();
});

test('the lab is started as a task that tells how far it is, and its service is shown', async () => {
  const up = join(rig.directory, 'lab-is-up');
  const said = [
    'process.stderr.write("Starting a domain controller\\n");',
    // Its servers are up when the test says so.
    'const asking = setInterval(() => {',
    `  if (!require("node:fs").existsSync(${JSON.stringify(up)})) return;`,
    '  clearInterval(asking);',
    `  process.stdout.write("  carillon --data ${used.directory} status\\n");`,
    '}, 50);',
    'setInterval(() => {}, 1000);',
  ];
  const lab = new LabDesk({ command: [process.execPath, '-e', said.join('')] });
  rig.desk = (port) => lab.attach(port);
  await page.reload();
  await button('Open lab').click();
  await page.getByRole('button', { name: '1 task runs' }).click();
  const tasks = page.getByRole('region', { name: 'Background tasks' });
  await tasks.getByText('Starting a domain controller').waitFor();
  await picture('task');
  writeFileSync(up, '');
  await page.getByText(used.directory, { exact: true }).waitFor();
  await tasks.getByText('The console shows the service of the lab').waitFor();
  await lab.stop();
  rig.desk = undefined;
});

test('the lab is cancelled while its servers start: nothing of it is left, and the console stays where it was', async () => {
  // A network of its own, as for somebody who is in none.
  const script = join(import.meta.dirname, '../../scripts/lab.ts');
  const lab = new LabDesk({ command: ['env', '-u', namespaceMarker, process.execPath, script] });
  rig.desk = (port) => lab.attach(port);
  await page.reload();
  await button('Open lab').click();
  await page.getByRole('button', { name: '1 task runs' }).click();
  const tasks = page.getByRole('region', { name: 'Background tasks' });
  const words = tasks.getByText(/^Starting Samba, OpenLDAP and 389/);
  // Its own network, by name: other labs may run beside.
  const [name = ''] = /carillon-lab-\d+/.exec((await words.textContent({ timeout: 60_000 })) ?? '') ?? [];
  expect(readdirSync('/run/netns')).toContain(name);
  await expect.poll(() => existsSync(join(tmpdir(), name, 'openldap')), { timeout: 60_000 }).toBe(true);
  await tasks.getByRole('button', { name: 'Cancel' }).click();
  await tasks.getByText('Cancelled', { exact: true }).last().waitFor({ timeout: 60_000 });
  expect(readdirSync('/run/netns')).not.toContain(name);
  expect(existsSync(join(tmpdir(), name))).toBe(false);
  await page.getByText(rig.directory, { exact: true }).waitFor();
  expect(await button('Open lab').isEnabled()).toBe(true);
  await lab.stop();
  rig.desk = undefined;
}, 240_000);

test.each(['light', 'dark', 'forced'] as const)(
  'nothing of the first steps has a violation in %s',
  async (look) => {
    await page.context().close();
    page = await rig.open({
      reducedMotion: 'reduce',
      ...(look === 'forced' ? { forcedColors: 'active' } : { colorScheme: look }),
    });
    const found = new Map<string, readonly string[]>();
    const check = async (place: string): Promise<void> => {
      const violations = await findViolations(page, 'everything');
      if (violations.length > 0) found.set(place, violations);
      await picture(`${look}-${place}`);
    };
    await page.getByRole('heading', { name: 'Welcome to Carillon' }).waitFor();
    await check('first-run');
    await button('Connect...').click();
    await dialog('Connect to a Server').waitFor();
    await check('connect');
    await page.keyboard.press('Escape');
    await button('Set up...').click();
    await dialog('Set Up This Computer').waitFor();
    await check('set-up');
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Help' }).click();
    await page.getByRole('menuitem', { name: 'Keyboard Shortcuts' }).click();
    await dialog('Keyboard Shortcuts').waitFor();
    await check('keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+P');
    await dialog('Command Palette').waitFor();
    await check('palette');
    expect(Object.fromEntries(found)).toEqual({});
  },
);

test('Set Up This Computer writes what it asked, and goes on to the first directory', async () => {
  writeFileSync(join(rig.directory, 'host.keytab'), Buffer.from([5, 2]), { mode: 0o600 });
  await button('Set up...').click();
  const wizard = dialog('Set Up This Computer');
  await wizard.getByLabel('Service principal name:').fill('none');
  await wizard.getByText('Has the form class/host').waitFor();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByLabel('Service principal name:').fill('PCNSCLNT/host.fabrikam.lab');
  await wizard.getByLabel("Keytab with that name's key:").fill(join(rig.directory, 'host.keytab'));
  await wizard.getByLabel('Port:').fill('0');
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByText('PCNSCLNT/host.fabrikam.lab on 0.0.0.0:0').waitFor();
  await wizard.getByRole('button', { name: 'Show command' }).click();
  await wizard.getByText(/carillon config set channel/).waitFor();
  await picture('set-up-summary');
  await wizard.getByRole('button', { name: 'Finish' }).click();
  // What the server refuses is said with its fix, and nothing that was answered is lost.
  await wizard.getByText(/The keytab has no key of PCNSCLNT\/host.fabrikam.lab/).waitFor();
  await wizard.getByRole('button', { name: 'Back' }).click();
  await wizard.getByRole('button', { name: 'Back' }).click();
  expect(await wizard.getByLabel('Service principal name:').inputValue()).toBe('PCNSCLNT/host.fabrikam.lab');
  await wizard.getByLabel('Receive password changes from domain controllers').click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByLabel('Enable Password Synchronization').click();
  await wizard.getByRole('button', { name: 'Next' }).click();
  await wizard.getByRole('button', { name: 'Finish' }).click();
  await dialog('Create Management Agent').waitFor();
  expect(rig.readConfiguration()).toMatchObject({ passwordSync: { enabled: false } });
});

test('Try It Here sets a password for a person of the sample company and shows it arrive', async () => {
  await button('Try...').click();
  const trial = dialog('Try It Here');
  await trial.getByLabel('Person:').selectOption({ label: 'Chiara Rossi' });
  await trial.getByLabel('New password:').fill('A new one, 2026!');
  await trial.getByRole('button', { name: 'Set password' }).click();
  await trial
    .getByText(/^delivered after \d+ ms$/)
    .first()
    .waitFor();
  for (const look of [
    { colorScheme: 'light' },
    { colorScheme: 'dark' },
    { forcedColors: 'active' },
  ] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', ...look });
    // Colours fade from one theme to the other.
    await expect.poll(() => findViolations(page, 'everything')).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  await picture('try-it');
  await trial.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('region', { name: 'Next steps' }).waitFor();
  expect(await button('Try it here').isEnabled()).toBe(true);
});
