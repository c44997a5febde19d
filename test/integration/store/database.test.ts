import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { backupsOf, makeBackup, restoreBackup } from '#store/backups.ts';
import { type Database, openDatabase } from '#store/database.ts';
import type { Migration } from '#store/migration.ts';

const initial: Migration = {
  name: '0010-initial',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT',
};

let directory: string;
let path: string;
const opened: Database[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-database-'));
  path = join(directory, 'data', 'carillon.db');
});

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  rmSync(directory, { recursive: true });
});

function open(migrations: readonly Migration[] = [initial]): Database {
  const database = openDatabase(path, migrations);
  opened.push(database);
  return database;
}

function write(database: Database, text: string): Promise<number> {
  return database.commit(() => database.insert('INSERT INTO note (text) VALUES (?)', text));
}

function texts(database: Database): string[] {
  return database.all<{ text: string }>('SELECT text FROM note ORDER BY id').map((row) => row.text);
}

test('works of one turn share a commit and keep their order', async () => {
  const database = open();
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((each) => write(database, `note ${each}`).then((id) => order.push(id))));
  expect(order).toEqual([1, 2, 3]);
  expect(texts(database)).toEqual(['note 1', 'note 2', 'note 3']);
});

test('a work that throws is undone alone', async () => {
  const database = open();
  const endings = await Promise.allSettled([
    write(database, 'kept'),
    database.commit(() => {
      database.insert('INSERT INTO note (text) VALUES (?)', 'undone');
      throw new Error('changed its mind');
    }),
    write(database, 'kept'),
    write(database, 'also kept'),
  ]);
  expect(endings.map((ending) => ending.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(texts(database)).toEqual(['kept', 'also kept']);
});

test('a write outside a commit is refused', () => {
  const database = open();
  expect(() => database.run('DELETE FROM note')).toThrow('outside');
});

test('what was committed before close is there after opening again', async () => {
  const database = open();
  const written = write(database, 'lasting');
  await database.close();
  await written;
  expect(texts(open())).toEqual(['lasting']);
  await expect(write(database, 'late')).rejects.toMatchObject({ code: 'unavailable' });
});

test('only the owner can read any file of the database', async () => {
  const database = open();
  await write(database, 'private');
  for (const name of readdirSync(join(directory, 'data'))) {
    expect([name, statSync(join(directory, 'data', name)).mode & 0o077]).toEqual([name, 0]);
  }
  expect(statSync(join(directory, 'data')).mode & 0o077).toBe(0);
});

test('a directory that others may enter is refused', () => {
  mkdirSync(join(directory, 'data'));
  chmodSync(join(directory, 'data'), 0o755);
  expect(open).toThrow(
    expect.objectContaining({ code: 'invalid_configuration', fix: expect.stringContaining('chmod 700') }),
  );
});

test('a second process is refused and told who holds the database', async () => {
  open();
  const script = `
    import { openDatabase } from '#store/database.ts';
    try { openDatabase(process.argv[1], []); } catch (error) { console.log(error.code + ': ' + error.message); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  expect(output).toBe(`conflict: The database ${path} is in use by process ${process.pid}\n`);
});

test('a database is never restored over while it is open', () => {
  open();
  expect(() => restoreBackup(path, Date.now())).toThrow(expect.objectContaining({ code: 'conflict' }));
});

test('a newer step is applied once, after a copy was kept', async () => {
  const next: Migration = { name: '0020-add-author', sql: 'ALTER TABLE note ADD COLUMN author TEXT' };
  await write(open(), 'old');
  await opened.pop()?.close();
  for (let times = 0; times < 2; times += 1) {
    const database = open([initial, next]);
    expect(database.get('SELECT text, author FROM note')).toEqual({ text: 'old', author: null });
    await database.close();
  }
  expect(statSync(`${path}.before-0020-add-author`).mode & 0o077).toBe(0);
});

test('a database of a newer version is refused', async () => {
  await open([initial, { name: '0020-future', sql: 'CREATE TABLE future (id INTEGER) STRICT' }]).close();
  expect(() => open()).toThrow(
    expect.objectContaining({ code: 'conflict', message: expect.stringContaining('newer version') }),
  );
});

test('a failing step leaves the shape as it was', async () => {
  await open().close();
  const broken: Migration = { name: '0020-broken', sql: 'CREATE TABLE half (id INTEGER); SELECT nonsense' };
  expect(() => open([initial, broken])).toThrow('nonsense');
  expect(open().get("SELECT 1 FROM sqlite_schema WHERE name = 'half'")).toBeUndefined();
});

test('a backup made under load is whole and only the newest are kept', async () => {
  const database = open();
  let running = true;
  const load = (async () => {
    for (let each = 0; running; each += 1) await write(database, `note ${each} ${'x'.repeat(2000)}`);
  })();
  const day = 86_400_000;
  const start = Date.UTC(2026, 0, 1);
  for (let each = 0; each < 4; each += 1) await makeBackup(database, start + each * day, 3);
  running = false;
  await load;
  expect(backupsOf(path).map((backup) => backup.at)).toEqual([1, 2, 3].map((each) => start + each * day));
  const files = readdirSync(join(directory, 'data', 'backups'));
  expect(files).toHaveLength(3);
  for (const name of files) expect(statSync(join(directory, 'data', 'backups', name)).mode & 0o077).toBe(0);
});

test('a damaged database names itself, its backup and the way back, and is kept aside', async () => {
  const database = open();
  for (let each = 0; each < 200; each += 1) await write(database, `note ${each} ${'x'.repeat(500)}`);
  const backup = await makeBackup(database, Date.UTC(2026, 0, 1), 7);
  await database.close();
  const file = openSync(path, 'r+');
  for (let page = 2; page < 10; page += 1) writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
  closeSync(file);

  expect(() => open()).toThrow(
    expect.objectContaining({
      code: 'damaged',
      message: expect.stringContaining(path),
      fix: expect.stringContaining(backup.file),
    }),
  );
  const { kept } = restoreBackup(path, Date.UTC(2026, 0, 2));
  expect(existsSync(kept)).toBe(true);
  expect(texts(open())).toHaveLength(200);
});

test('a file that is no database at all is damage, not a crash', async () => {
  await open().close();
  writeFileSync(path, 'not a database, but long enough to have a header'.repeat(100));
  expect(() => open()).toThrow(expect.objectContaining({ code: 'damaged' }));
});

test('a truncated database is damage', async () => {
  const database = open();
  for (let each = 0; each < 200; each += 1) await write(database, `note ${each} ${'x'.repeat(500)}`);
  await database.close();
  truncateSync(path, 4096 * 5);
  expect(() => open()).toThrow(expect.objectContaining({ code: 'damaged' }));
});
