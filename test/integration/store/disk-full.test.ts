import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { type Database, openDatabase } from '#store/database.ts';

const notes = {
  name: '0010-notes',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT',
};

function write(database: Database): Promise<number> {
  return database.commit(() => database.insert('INSERT INTO note (text) VALUES (?)', 'x'.repeat(3000)));
}

/** Commits until the disk is full; returns the rows that were acknowledged. */
async function writeUntilFull(database: Database): Promise<number[]> {
  const written: number[] = [];
  for (;;) {
    const endings = await Promise.allSettled([1, 2, 3].map(() => write(database)));
    for (const ending of endings) if (ending.status === 'fulfilled') written.push(ending.value);
    const failed = endings.find((ending) => ending.status === 'rejected');
    if (failed === undefined) continue;
    expect(failed.reason).toMatchObject({ code: 'unavailable', message: expect.stringContaining('full') });
    return written;
  }
}

function ids(database: Database): number[] {
  return database.all<{ id: number }>('SELECT id FROM note ORDER BY id').map((row) => row.id);
}

test('a full disk refuses work clearly, keeps what was there, and work goes on when there is space', async () => {
  const mount = mkdtempSync(join(tmpdir(), 'carillon-full-'));
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mount]).status).toBe(0);
  try {
    const path = join(mount, 'data', 'carillon.db');
    mkdirSync(join(mount, 'data'), { mode: 0o700 });
    const ballast = join(mount, 'ballast');
    let database = openDatabase(path, [notes]);
    const { bavail, bsize } = statfsSync(mount);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 400_000));

    const before = await writeUntilFull(database);
    expect(before.length).toBeGreaterThan(3);
    expect(ids(database)).toEqual(before);
    await expect(write(database)).rejects.toMatchObject({ code: 'unavailable' });

    rmSync(ballast);
    const after = await Promise.all([write(database), write(database)]);
    expect(ids(database)).toEqual([...before, ...after]);

    writeFileSync(ballast, Buffer.alloc(1_000_000));
    const again = await writeUntilFull(database);
    await database.close();
    database = openDatabase(path, [notes]);
    expect(ids(database)).toEqual([...before, ...after, ...again]);
    await database.close();
  } finally {
    spawnSync('umount', [mount]);
    rmSync(mount, { recursive: true });
  }
});
