import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ListenerLife } from '#host/channel/listener-life.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
import { ManualClock } from '#test/engine-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-listener-life-'));
const wanted = configurationSchema.parse({ version: 1, metricsPort: 9464 });
const nobody = configurationSchema.parse({ version: 1 });

let clock: ManualClock;
let life: ListenerLife;
/** What happened, in order. */
let told: string[];
/** Why the next tries fail. */
let obstacle: string | undefined;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  obstacle = undefined;
  life = new ListenerLife({
    dataDirectory: folder,
    clock,
    select: ({ metricsPort, remote }) => metricsPort ?? remote,
    keytab: ({ remote }) => remote?.keytab,
    open: async () => {
      told.push('open');
      if (obstacle !== undefined) throw new Error(obstacle);
      return { state: 'listening', port: 9464 };
    },
    close: async () => {
      told.push('close');
    },
    failed: (detail) => told.push(detail),
    retried: () => told.push('retried'),
    report: (error) => told.push(`reported: ${String(error)}`),
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a listener follows what it depends on and nothing else', async () => {
  await life.follow(nobody);
  expect(life.status).toEqual({ state: 'off' });
  await life.follow(wanted);
  expect(life.status).toEqual({ state: 'listening', port: 9464 });
  await life.follow(configurationSchema.parse({ version: 1, metricsPort: 9464, logLevel: 3 }));
  await life.follow(nobody);
  expect(life.status).toEqual({ state: 'off' });
  expect(told).toEqual(['close', 'open', 'close']);
});

test('one that cannot listen tells why once for each reason, and is tried again until it can', async () => {
  obstacle = 'The port is taken';
  await life.follow(wanted);
  expect(life.status).toEqual({ state: 'failed', detail: 'The port is taken' });
  await clock.move(30_000);
  obstacle = 'The file is gone';
  await clock.move(30_000);
  obstacle = undefined;
  await clock.move(30_000);
  expect(life.status).toEqual({ state: 'listening', port: 9464 });
  expect(told.filter((word) => word !== 'close' && word !== 'open')).toEqual([
    'The port is taken',
    'retried',
    'The file is gone',
    'retried',
    'retried',
  ]);
});

test('a keytab that is gone stops the listener that needs it, and no other', async () => {
  const gone = join(folder, 'gone.keytab');
  const spn = 'CARILLON/intsvr1.fabrikam.lab';
  await life.follow(
    configurationSchema.parse({ version: 1, remote: { host: '127.0.0.1', spn, keytab: gone } }),
  );
  expect(life.status.state).toBe('failed');
  expect(life.status.detail).toContain(gone);
  const channel = { spn: 'PCNSCLNT/intsvr1.fabrikam.lab', keytab: gone };
  await life.follow(configurationSchema.parse({ version: 1, metricsPort: 9464, channel }));
  expect(life.status.state).toBe('listening');
});

test('one that was stopped is not tried again', async () => {
  obstacle = 'The port is taken';
  await life.follow(wanted);
  await life.stop();
  told = [];
  await clock.move(60_000);
  expect(told).toEqual([]);
  expect(life.status).toEqual({ state: 'off' });
});
