import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { captureConfigurationSchema } from '#capture/capture-configuration.ts';
import { openCaptureControl } from '#capture/capture-control.ts';
import { controlSocketOf } from '#capture/capture-host.ts';
import type { StoredEvent } from '#store/event-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-capture-events-'));
const file = join(folder, 'capture.json');
const settings = { hook: { socket: join(folder, 'hook.sock') } };

const started: StoredEvent = {
  id: 1,
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  number: 2001,
  source: 'PCNSSVC',
  severity: 'information',
  message: 'Started',
};
const refused: StoredEvent = { ...started, id: 2, number: 7020, severity: 'warning', account: 'jdoe' };

const control = await openCaptureControl(
  controlSocketOf(captureConfigurationSchema.parse(settings)),
  (question) =>
    question.ask === 'events'
      ? [refused, started].filter((event) => [undefined, event.number].includes(question.number))
      : undefined,
);

beforeAll(() => writeFileSync(file, JSON.stringify(settings)));

afterAll(() => {
  control.close();
  rmSync(folder, { recursive: true });
});

function ask(...args: readonly string[]): Promise<string> {
  const program = join(import.meta.dirname, '../../../src/main/cli.ts');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args, '--config', file], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
}

test("a domain controller's own events are printed with the newest last", async () => {
  const lines = (await ask('capture', 'events')).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/information +2001 +Started/);
  expect(lines[1]).toMatch(/warning +7020 +Started +jdoe/);
});

test('events of one number are had as JSON', async () => {
  expect(JSON.parse(await ask('--json', 'capture', 'events', '7020'))).toEqual({ events: [refused] });
});
