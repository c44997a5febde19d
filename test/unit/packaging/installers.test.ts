import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../..');

/** What of the packager is used: it reads the file and holds it against its own schema, as a build would. */
interface Packager {
  getConfig(projectDirectory: string, file: string): Promise<unknown>;
  validateConfiguration(configuration: unknown, log: unknown): Promise<void>;
}

// By `require`: the packager exports neither of the two, and has no types for them.
const require = createRequire(import.meta.url);
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as Packager;
const { DebugLogger } = require('builder-util') as { DebugLogger: new (isEnabled: boolean) => unknown };

const configurationSchema = z.object({
  electronVersion: z.string(),
  extraResources: z.array(z.object({ from: z.string(), to: z.string() })),
  win: z.object({ icon: z.string(), target: z.array(z.object({ target: z.string() })) }),
  mac: z.object({ icon: z.string() }),
  linux: z.object({ icon: z.string(), target: z.array(z.string()) }),
  nsis: z.object({ license: z.string() }),
});

const given = await getConfig(root, 'electron-builder.yml');
const configuration = configurationSchema.parse(given);

test('the packager accepts every key of its configuration', async () => {
  await expect(validateConfiguration(given, new DebugLogger(false))).resolves.toBeUndefined();
}, 300_000);

test('the packager refuses a key that it does not know', async () => {
  const wrong = { ...(given as object), electronFuse: {} };
  await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow('electronFuse');
});

test('Windows gets NSIS and MSI, Linux deb, rpm and AppImage', () => {
  expect(configuration.win.target.map(({ target }) => target)).toEqual(['nsis', 'msi']);
  expect(configuration.linux.target).toEqual(['deb', 'rpm', 'AppImage']);
});

test('every file that an installer takes in is in the tree', () => {
  const files = [
    configuration.win.icon,
    configuration.mac.icon,
    configuration.linux.icon,
    configuration.nsis.license,
    ...configuration.extraResources.map(({ from }) => from),
  ];
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('an installed capture finds hook, schema and units in a folder named assets', () => {
  const folders = configuration.extraResources.map(({ to }) => to);
  expect(folders).toEqual(expect.arrayContaining(['assets/hook', 'assets/schema', 'assets/systemd']));
});

test('the packager takes the Electron that the lockfile names', () => {
  const manifest = z
    .object({ devDependencies: z.object({ electron: z.string() }) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  expect(configuration.electronVersion).toBe(manifest.devDependencies.electron);
});

test("each Linux icon is a PNG of its name's size", () => {
  const icons = globSync('assets/icons/*.png', { cwd: root });
  expect(icons.length).toBeGreaterThan(4);
  for (const icon of icons) {
    const bytes = readFileSync(join(root, icon));
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(icon).toContain(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}.png`);
  }
});
