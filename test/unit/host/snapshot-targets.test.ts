import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { type SectionChoice, SnapshotDesk } from '#host/snapshots/snapshot-desk.ts';

let directory: string;
let choices: SectionChoice['pcns'][];
let inDirectory: JsonObject;
let desk: SnapshotDesk;

const target = { name: 'Sync', server: 'sync.fabrikam.lab', spn: 'PCNSCLNT/sync.fabrikam.lab' };
const running = { kind: 'running' } as const;
const whole = { source: running, parts: undefined, mappings: false, pcns: undefined };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-targets-'));
  const path = join(directory, 'carillon.json');
  writeFileSync(path, '{ "version": 1 }\n');
  choices = [];
  inDirectory = { pcns: [{ name: 'FABRIKAM', targets: [target] }] };
  desk = new SnapshotDesk({
    file: ConfigurationFile.open(path),
    history: {} as never,
    secrets: async () => ({}),
    sections: async ({ pcns }) => {
      choices.push(pcns);
      return pcns === false || pcns === undefined ? {} : inDirectory;
    },
    checkSections: () => [],
    now: () => 1,
  });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a whole snapshot has the targets of PCNS where the directory answers, a part only where it is asked for', async () => {
  const { body } = parseSnapshot((await desk.export(whole, 'me')).text);
  expect(body.sections).toEqual(inDirectory);
  await desk.export({ ...whole, parts: ['passwordSync'] }, 'me');
  await desk.export({ ...whole, pcns: true }, 'me');
  await desk.export({ ...whole, pcns: false }, 'me');
  expect(choices).toEqual(['if-there', false, true, false]);
});

test('a restore speaks of targets that differ, and of no others', async () => {
  const { text } = await desk.export(whole, 'me');
  const source = { kind: 'text', name: 'a.json', text } as const;
  expect((await desk.plan(source)).notRestored).toEqual([]);
  inDirectory = { pcns: [{ name: 'FABRIKAM', targets: [] }] };
  expect((await desk.plan(source)).notRestored.map(({ name }) => name)).toEqual([
    'Targets of password change notification',
  ]);
  inDirectory = {};
  expect((await desk.plan(source)).notRestored).toHaveLength(1);
});
