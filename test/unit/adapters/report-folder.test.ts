import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ReportFolder } from '#adapters/client/report-folder.ts';
import type { KeptReport } from '#adapters/client/report-seal.ts';
import { secretOf, textOf } from '#test/sync-world.ts';

let directory: string;
let lines: string[];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'carillon-reports-')), 'reports');
  lines = [];
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const open = (adapter = 'Directory'): ReportFolder =>
  new ReportFolder(directory, adapter, (line) => lines.push(line));

function reportOf(externalAccount: string, password: string, old?: string, timestamp = 1): KeptReport {
  return {
    ...{ externalAccount, timestamp, trackingId: crypto.randomUUID() },
    password: secretOf(password),
    oldPassword: old === undefined ? undefined : secretOf(old),
  };
}

const describe = (reports: readonly KeptReport[]) =>
  reports.map(({ externalAccount, password, oldPassword }) => [
    externalAccount,
    textOf(password),
    oldPassword && textOf(oldPassword),
  ]);
const files = (): string[] => readdirSync(directory).filter((name) => name.endsWith('.report'));

test('what was captured is there after the process is gone, oldest first, and sealed until then', async () => {
  const folder = open();
  await folder.save(reportOf('jdoe', 'Gehéim-2', undefined, 2));
  await folder.save(reportOf('märy/..', 'Gehéim-1', 'Alt-1', 1));
  const bytes = Buffer.concat(files().map((name) => readFileSync(join(directory, name))));
  for (const text of ['Gehéim', 'Alt-1', 'jdoe']) expect(bytes.includes(text)).toBe(false);
  expect(describe(open().read())).toEqual([
    ['märy/..', 'Gehéim-1', 'Alt-1'],
    ['jdoe', 'Gehéim-2', undefined],
  ]);
});

test('the newest change of an account takes the place of the one before, and is not forgotten with it', async () => {
  const folder = open();
  const [first, second] = [reportOf('jdoe', 'Neu-1'), reportOf('jdoe', 'Neu-2')];
  await Promise.all([folder.save(first), folder.save(second)]);
  await folder.forget(first);
  expect(describe(open().read())).toEqual([['jdoe', 'Neu-2', undefined]]);
  await folder.forget(second);
  expect(files()).toEqual([]);
});

test('the secrets may go as soon as saving began', async () => {
  const report = reportOf('jdoe', 'Neu-1');
  const saved = open().save(report);
  report.password.wipe();
  await saved;
  expect(describe(open().read())).toEqual([['jdoe', 'Neu-1', undefined]]);
});

test('a file that was altered, moved or is of another adapter is set aside', async () => {
  const folder = open();
  for (const account of ['altered', 'moved', 'whole']) await folder.save(reportOf(account, 'Neu-1'));
  const [altered = '', moved = ''] = files();
  const bytes = readFileSync(join(directory, altered));
  bytes.set([(bytes.at(-20) ?? 0) ^ 1], bytes.length - 20);
  writeFileSync(join(directory, altered), bytes);
  renameSync(join(directory, moved), join(directory, `${'0'.repeat(64)}.report`));
  expect(open().read()).toHaveLength(1);
  expect(lines).toHaveLength(2);
  expect(open('Other').read()).toEqual([]);
  expect(readdirSync(directory).filter((name) => name.endsWith('.damaged'))).toHaveLength(3);
});

test('a folder that others can look into is refused', () => {
  open();
  chmodSync(directory, 0o755);
  expect(open).toThrow('open to others');
});
