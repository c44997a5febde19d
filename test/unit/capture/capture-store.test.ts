import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { captureConfigurationSchema } from '#capture/capture-configuration.ts';
import { openCaptureStore } from '#capture/capture-store.ts';
import { noteRaised } from '#test/raised-events.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function open(): Promise<readonly number[]> {
  const store = await openCaptureStore(captureConfigurationSchema.parse({ dataDirectory: folder }), Date.now);
  const numbers: number[] = [];
  store.announce(({ number }) => {
    noteRaised(number);
    numbers.push(number);
  });
  await store.close();
  return numbers;
}

test('a first start makes a queue (2003), a second finds it (2004)', async () => {
  expect(await open()).toEqual([2003]);
  expect(await open()).toEqual([2004]);
});

test('a damaged queue is put aside (6001) and a new one made', async () => {
  await open();
  const file = openSync(join(folder, 'capture.db'), 'r+');
  writeSync(file, Buffer.alloc(8192, 0x5a), 0, 8192, 0);
  closeSync(file);
  expect(await open()).toEqual([6001, 2003]);
  expect(readdirSync(folder).some((name) => name.startsWith('capture.db.damaged-'))).toBe(true);
  expect(await open()).toEqual([2004]);
});

test('two services do not share one queue', async () => {
  const store = await openCaptureStore(captureConfigurationSchema.parse({ dataDirectory: folder }), Date.now);
  await expect(open()).rejects.toMatchObject({ code: 'conflict' });
  await store.close();
});
