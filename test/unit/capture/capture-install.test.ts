import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type CaptureConfiguration, captureConfigurationSchema } from '#capture/capture-configuration.ts';
import { installCapture, uninstallCapture } from '#capture/capture-install.ts';

const smbConf = '[global]\n\trealm = FABRIKAM.LAB\n';

let folder: string;
let configuration: CaptureConfiguration;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-install-'));
  writeFileSync(join(folder, 'smb.conf'), smbConf);
  said = [];
  configuration = captureConfigurationSchema.parse({
    smbConf: join(folder, 'smb.conf'),
    hook: {
      program: join(folder, 'lib/carillon-hook'),
      configuration: join(folder, 'etc/hook.conf'),
      socket: join(folder, 'run/hook.sock'),
      deadlineMs: 900,
      whenAway: 'closed',
      complexity: false,
    },
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const install = (dryRun = false) =>
  installCapture({ configuration, dryRun, write: (line) => said.push(line) });
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a dry run says everything and does nothing', async () => {
  await install(true);
  expect(said.join('\n')).toContain(`exec ${folder}/lib/carillon-hook ${folder}/etc/hook.conf`);
  expect(read('smb.conf')).toBe(smbConf);
  expect(existsSync(join(folder, 'lib'))).toBe(false);
});

test('installing puts hook and settings in place, and keeps the file as it was', async () => {
  await install();
  expect(read('etc/hook.conf')).toBe(
    `socket = ${folder}/run/hook.sock\ndeadline-ms = 900\nwhen-away = closed\ncomplexity = off\n`,
  );
  // Its owner runs it and nobody else may write it; who else may run it the umask says.
  expect(statSync(join(folder, 'lib/carillon-hook')).mode & 0o722).toBe(0o700);
  expect(read('smb.conf.before-carillon')).toBe(smbConf);
  expect(said.at(-2)).toContain('restart it');
});

test('installing twice changes smb.conf once', async () => {
  await install();
  const first = read('smb.conf');
  await install();
  expect(read('smb.conf')).toBe(first);
  expect(read('smb.conf.before-carillon')).toBe(smbConf);
});

test('uninstalling gives smb.conf as it was', async () => {
  await install();
  uninstallCapture({ configuration, dryRun: false, write: () => undefined });
  expect(read('smb.conf')).toBe(smbConf);
});

test('a missing smb.conf is named, with the setting that names another', async () => {
  rmSync(join(folder, 'smb.conf'));
  await expect(install()).rejects.toMatchObject({
    code: 'not_found',
    fix: expect.stringContaining('smbConf'),
  });
});
