import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { captureConfigurationSchema } from '#capture/capture-configuration.ts';
import { findHookProblem, HookCheck } from '#capture/hook-check.ts';
import { hookCommand } from '#capture/smb-conf.ts';
import { noteRaised } from '#test/raised-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-hook-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const configuration = captureConfigurationSchema.parse({ smbConf: join(folder, 'smb.conf') });

/** What is wrong where smb.conf names this script and the domain wants complex passwords, or not. */
function problemOf(script: string | undefined, isComplex = true): Promise<string | undefined> {
  const line = script === undefined ? '' : `check password script = ${script}\n`;
  writeFileSync(configuration.smbConf, `[global]\nrealm = FABRIKAM.LAB\n${line}`);
  return findHookProblem(configuration, { wantsComplexPasswords: async () => isComplex });
}

test('smb.conf with the hook and a domain that wants complex passwords: all is well', async () => {
  expect(await problemOf(hookCommand(configuration.hook))).toBeUndefined();
});

test('no hook, another one, and a domain without complex passwords are told apart', async () => {
  expect(await problemOf(undefined)).toMatch(/has no "check password script"/);
  expect(await problemOf('/usr/local/bin/other')).toMatch(/has another "check password script"/);
  expect(await problemOf(hookCommand(configuration.hook), false)).toMatch(/does not want complex passwords/);
});

test('a hook that is not asked is 7023 once for as long as it lasts, and again when it comes back', () => {
  const told: (readonly [number, string])[] = [];
  const check = new HookCheck(({ number, message }) => {
    noteRaised(number);
    told.push([number, message]);
  });
  for (const problem of ['gone', 'gone', 'other', undefined, 'gone']) check.note(problem);
  expect(told.map(([number]) => number)).toEqual([7023, 7023, 7023]);
  expect(told.map(([, message]) => message.split(': ')[1])).toEqual(['gone', 'other', 'gone']);
});
