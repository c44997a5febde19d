import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openFileSink } from '#host/log/line-sink.ts';
import { Log } from '#host/log/log.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

function open(level: number) {
  let text = '';
  const log = new Log(level, {
    write: (lines) => {
      text += lines;
    },
    close: () => {},
  });
  const lines = () => {
    log.flush();
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { log, lines };
}

test('a line is one JSON object with its fields', () => {
  const { log, lines } = open(1);
  log.warning('No answer', { event: 6901, source: 'FIMSynchronizationService', account: 'FABRIKAM\\alice' });
  expect(lines()).toEqual([
    expect.objectContaining({
      at: expect.stringMatching(/Z$/),
      severity: 'warning',
      message: 'No answer',
      event: 6901,
      account: 'FABRIKAM\\alice',
    }),
  ]);
});

test.each([
  [0, ['error']],
  [1, ['error', 'warning', 'normal']],
  [2, ['error', 'warning', 'normal', 'hop']],
  [3, ['error', 'warning', 'normal', 'hop', 'detail']],
])('level %i lets through %j', (level, expected) => {
  const { log, lines } = open(level);
  log.error('error');
  log.warning('warning');
  log.information('normal');
  log.information('hop', {}, 2);
  log.information('detail', {}, 3);
  expect(lines().map(({ message }) => message)).toEqual(expected);
});

test('no bytes enter the log, in whatever form', () => {
  const { log, lines } = open(3);
  const secret = Buffer.from('geheim');
  log.information('all', {
    a: SecretBytes.copy(secret),
    b: secret,
    c: new Uint8Array(secret),
    d: { deep: [secret, secret.buffer] },
  });
  const text = JSON.stringify(lines());
  for (const form of ['geheim', secret.toString('base64'), secret.toString('hex'), [...secret].join(',')])
    expect(text).not.toContain(form);
});

test('an error is logged with the messages of its causes and nothing else of them', () => {
  const { log, lines } = open(1);
  const cause = Object.assign(new Error('bind failed'), { request: { password: 'geheim' } });
  log.error('Delivery failed', { error: new Error('No connection', { cause }) });
  expect(lines()[0]).toMatchObject({ causes: ['No connection', 'bind failed'] });
  expect(JSON.stringify(lines())).not.toMatch(/geheim|test\.ts/);
});

test('a full log file is set aside, and the oldest goes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-log-'));
  const sink = openFileSink({ path: join(folder, 'carillon.log'), maxSize: 10, keep: 2 });
  for (const line of ['first...\n', 'second..\n', 'third...\n', 'fourth..\n']) sink.write(line);
  sink.close();
  expect(readdirSync(folder).sort()).toEqual(['carillon.log', 'carillon.log.1', 'carillon.log.2']);
  expect(readFileSync(join(folder, 'carillon.log.2'), 'utf8')).toBe('second..\n');
  expect(readFileSync(join(folder, 'carillon.log'), 'utf8')).toBe('fourth..\n');
  rmSync(folder, { recursive: true });
});
