import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ConfigurationFile } from '#host/configuration/configuration-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-file-'));
  path = join(folder, 'carillon.json');
  writeFileSync(path, '{\n  "version": 1,\n  "logLevel": 1\n}\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const code = (value: string) => expect.objectContaining({ code: value });

test('an applied text is in force, on disk, and the one before is kept', () => {
  const file = ConfigurationFile.open(path);
  const before = readFileSync(path, 'utf8');
  const seen: number[] = [];
  file.onChange((now) => seen.push(now.logLevel));
  const { revision, changed } = file.apply('{"version": 1, "logLevel": 2}', file.running.revision);
  expect({ changed, seen, level: file.configuration.logLevel }).toEqual({
    changed: true,
    seen: [2],
    level: 2,
  });
  expect(file.running.revision).toBe(revision);
  expect(readFileSync(path, 'utf8')).toBe('{"version": 1, "logLevel": 2}');
  expect(readFileSync(`${path}.previous`, 'utf8')).toBe(before);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['carillon.json', 'carillon.json.previous']);
});

test('what cannot be written changes nothing, leaves nothing behind, and names its file', () => {
  const file = ConfigurationFile.open(path);
  mkdirSync(join(`${path}.previous`, 'in the way'), { recursive: true });
  expect(() => file.apply('{"version": 1, "logLevel": 2}', file.running.revision)).toThrow(
    expect.objectContaining({ code: 'unavailable', message: expect.stringContaining(`${path}.previous`) }),
  );
  expect(file.configuration.logLevel).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(['carillon.json', 'carillon.json.previous']);
});

test('a text made from another revision is a conflict, and nothing changes', () => {
  const file = ConfigurationFile.open(path);
  const { revision } = file.running;
  file.apply('{"version": 1, "logLevel": 2}', revision);
  expect(() => file.apply('{"version": 1, "logLevel": 3}', revision)).toThrow(code('conflict'));
  expect(file.configuration.logLevel).toBe(2);
});

test('a file that somebody edited meanwhile is not overwritten', () => {
  const file = ConfigurationFile.open(path);
  writeFileSync(path, '{"version": 1, "logLevel": 3}');
  expect(() => file.apply('{"version": 1, "logLevel": 2}', file.running.revision)).toThrow(code('conflict'));
  expect(() => file.edit(['passwordSync', 'enabled'], true)).toThrow(code('conflict'));
  expect(readFileSync(path, 'utf8')).toContain('3');
});

test('applying the very text that stands in the file puts it in force', () => {
  const file = ConfigurationFile.open(path);
  writeFileSync(path, '{"version": 1, "logLevel": 3}');
  file.apply('{"version": 1, "logLevel": 3}', file.running.revision);
  expect(file.configuration.logLevel).toBe(3);
});

test.each(['{"version": 1, "logLevel": 9}', '{"version": 1', ''])(
  'the bad text %j never takes the place of a good one',
  (bad) => {
    const file = ConfigurationFile.open(path);
    const good = file.running;
    expect(() => file.apply(bad, good.revision)).toThrow(code('invalid_configuration'));
    expect(readFileSync(path, 'utf8')).toBe(good.text);
    writeFileSync(path, bad);
    expect(() => file.reload()).toThrow(code('invalid_configuration'));
    expect(file.running).toBe(good);
  },
);

test('one value is changed and the rest stays as somebody formatted it', () => {
  writeFileSync(path, '{ "version": 1,\n\n     "logLevel":   2, "passwordSync": { "enabled":false } }');
  const file = ConfigurationFile.open(path);
  file.edit(['passwordSync', 'enabled'], true);
  expect(file.configuration.passwordSync.enabled).toBe(true);
  expect(readFileSync(path, 'utf8')).toMatch(/^\{ "version": 1,\n\n {5}"logLevel": {3}2, .*true \} \}$/s);
});

test('reloading an unchanged file tells nobody', () => {
  const file = ConfigurationFile.open(path);
  file.onChange(() => expect.unreachable());
  expect(file.reload()).toMatchObject({ changed: false });
});

test('a missing file is not found, with what to do about it', () => {
  expect(() => ConfigurationFile.open(join(folder, 'none.json'))).toThrow(
    expect.objectContaining({ code: 'not_found', fix: expect.stringContaining('--config') }),
  );
});

test('single values are set together, and the rest of the file stays as it is written', () => {
  writeFileSync(path, '{\n    "version": 1,\n\n    "logLevel": 1\n}\n');
  const file = ConfigurationFile.open(path);
  file.set(
    [
      { path: ['logLevel'], value: 3 },
      { path: ['singleSignOn', 'servers', 0], value: { name: 'intsvr1' } },
    ],
    file.running.revision,
  );
  const [server] = file.configuration.singleSignOn.servers;
  expect([file.configuration.logLevel, server?.name]).toEqual([3, 'intsvr1']);
  expect(readFileSync(path, 'utf8')).toContain('    "version": 1,\n\n    "logLevel": 3');
});

test('one wrong value refuses all of them', () => {
  const file = ConfigurationFile.open(path);
  const before = readFileSync(path, 'utf8');
  const changes = [
    { path: ['logLevel'], value: 2 },
    { path: ['passwordSync', 'historySize'], value: 0 },
  ];
  expect(() => file.set(changes, file.running.revision)).toThrow(code('invalid_configuration'));
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('a value without a value is taken out', () => {
  const file = ConfigurationFile.open(path);
  file.set([{ path: ['logLevel'], value: 3 }], file.running.revision);
  file.set([{ path: ['logLevel'] }], file.running.revision);
  expect(file.configuration.logLevel).toBe(1);
  expect(readFileSync(path, 'utf8')).not.toContain('logLevel');
});
