import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { MemoryKeyStore } from '#test/memory-key-store.ts';
import { backUpKeys, restoreKeys } from '#vault/key-backup.ts';
import { KeyFileKeeper } from '#vault/key-file-keeper.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { openKeyKeeper } from '#vault/open-key-keeper.ts';
import { PassphraseKeeper } from '#vault/passphrase-keeper.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-keeper-'));
  path = join(directory, 'vault.key');
});

afterEach(() => rmSync(directory, { recursive: true }));

function secretOf(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

test('a key file is made once, for its owner alone, and leaves no other file', async () => {
  const keeper = new KeyFileKeeper(path);
  using first = (await keeper.create()).key;
  using second = (await keeper.create()).key;
  using read = await keeper.read();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(second.bytes).toEqual(first.bytes);
  expect(read.bytes).toEqual(first.bytes);
  expect(readdirSync(directory)).toEqual(['vault.key']);
});

test('services that start at once agree on one key file', async () => {
  const made = await Promise.all([1, 2, 3].map(() => new KeyFileKeeper(path).create()));
  for (const { key } of made) expect(Buffer.from(key.bytes)).toEqual(readFileSync(path));
});

test('a key file that others may read is refused', async () => {
  await new KeyFileKeeper(path).create();
  for (const mode of [0o640, 0o604, 0o644, 0o660]) {
    chmodSync(path, mode);
    await expect(new KeyFileKeeper(path).read()).rejects.toMatchObject({
      code: 'forbidden',
      fix: expect.stringContaining('chmod 600'),
    });
  }
});

test.runIf(process.geteuid?.() === 0)('a key file of another user is refused', async () => {
  await new KeyFileKeeper(path).create();
  chownSync(path, 65_534, 65_534);
  await expect(new KeyFileKeeper(path).read()).rejects.toMatchObject({ code: 'forbidden' });
});

test('a key file of the wrong length is damage, a missing one is not made anew, a link is not followed', async () => {
  await expect(new KeyFileKeeper(path).read()).rejects.toMatchObject({ code: 'unavailable' });
  writeFileSync(path, 'short', { mode: 0o600 });
  await expect(new KeyFileKeeper(path).read()).rejects.toMatchObject({ code: 'damaged' });
  symlinkSync(path, join(directory, 'link'));
  await expect(new KeyFileKeeper(join(directory, 'link')).read()).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('the configuration names the keeper, and a key file lies in the data directory by default', () => {
  expect(openKeyKeeper({ kind: 'key-file' }, '/var/lib/carillon').place).toBe('/var/lib/carillon/vault.key');
  expect(openKeyKeeper({ kind: 'key-file', path }, '/var/lib/carillon').place).toBe(path);
  expect(openKeyKeeper({ kind: 'passphrase', path }, directory).kind).toBe('passphrase');
  expect(openKeyKeeper({ kind: 'keychain' }, directory).kind).toBe('keychain');
});

test('a passphrase gives the same key with the same note, whatever ends its line', async () => {
  const keeper = new PassphraseKeeper(path);
  writeFileSync(path, 'correct horse battery\r\n', { mode: 0o600 });
  const { key, note } = await keeper.create();
  writeFileSync(path, 'correct horse battery');
  using again = await keeper.read(note);
  expect(again.bytes).toEqual(key.bytes);
  writeFileSync(path, 'correct horse batterx');
  using other = await keeper.read(note);
  expect(other.bytes).not.toEqual(key.bytes);
});

test('a passphrase comes through a named pipe as well', async () => {
  const keeper = new PassphraseKeeper(path);
  writeFileSync(path, 'correct horse battery', { mode: 0o600 });
  const { key, note } = await keeper.create();
  rmSync(path);
  spawnSync('mkfifo', ['-m', '600', path]);
  const [again] = await Promise.all([keeper.read(note), writeFile(path, 'correct horse battery\n')]);
  expect(again.bytes).toEqual(key.bytes);
});

test('a short, missing or exposed passphrase, or a foreign note, is refused', async () => {
  const keeper = new PassphraseKeeper(path);
  await expect(keeper.create()).rejects.toMatchObject({ code: 'unavailable' });
  writeFileSync(path, 'short', { mode: 0o600 });
  await expect(keeper.create()).rejects.toMatchObject({ code: 'invalid_input' });
  writeFileSync(path, 'x'.repeat(2000));
  await expect(keeper.create()).rejects.toMatchObject({ code: 'invalid_configuration' });
  writeFileSync(path, 'correct horse battery');
  for (const note of [new Uint8Array(), new Uint8Array(36), new Uint8Array(36).fill(255)]) {
    await expect(keeper.read(note)).rejects.toMatchObject({ code: 'damaged' });
  }
  chmodSync(path, 0o644);
  await expect(keeper.create()).rejects.toMatchObject({ code: 'forbidden' });
});

test('a key backup brings the keys back under a new keeper', async () => {
  const store = new MemoryKeyStore();
  const ring = await KeyRing.open({ store, keeper: new MemoryKeyKeeper(), now: () => 5 });
  await ring.rotate();
  const file = join(directory, 'keys.backup');
  await backUpKeys(ring, file, secretOf('correct horse battery'));
  expect(ring.status.backedUpAt).toBe(5);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const keeper = new MemoryKeyKeeper(3, 'passphrase');
  await expect(restoreKeys(store, keeper, file, secretOf('correct horse batterx'))).rejects.toMatchObject({
    code: 'forbidden',
  });
  await restoreKeys(store, keeper, file, secretOf('correct horse battery'));
  const restored = await KeyRing.open({ store, keeper, now: () => 6 });
  expect(restored.current).toBe(2);
  expect(restored.openingKey(1)?.bytes).toEqual(ring.openingKey(1)?.bytes);
});

test('a key backup that is not whole restores nothing, and an existing file is not written over', async () => {
  const store = new MemoryKeyStore();
  const ring = await KeyRing.open({ store, keeper: new MemoryKeyKeeper(), now: () => 5 });
  const file = join(directory, 'keys.backup');
  const passphrase = secretOf('correct horse battery');
  await backUpKeys(ring, file, passphrase);
  await expect(backUpKeys(ring, file, passphrase)).rejects.toMatchObject({ code: 'conflict' });
  const before = store.keys;
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 200));
  await expect(restoreKeys(store, new MemoryKeyKeeper(), file, passphrase)).rejects.toMatchObject({
    code: 'damaged',
  });
  await expect(
    restoreKeys(store, new MemoryKeyKeeper(), join(directory, 'none'), passphrase),
  ).rejects.toMatchObject({ code: 'not_found' });
  expect(store.keys).toBe(before);
  expect(existsSync(join(directory, 'none'))).toBe(false);
});
