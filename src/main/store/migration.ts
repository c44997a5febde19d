import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { AppError } from '#shared/model/app-error.ts';

/** One numbered step of a database's shape. Once shipped it never changes. */
export interface Migration {
  /** `0010-initial`, `0020-verb-noun`: numbered in tens, sorted by name. */
  readonly name: string;
  readonly sql: string;
}

const historyTable = `CREATE TABLE IF NOT EXISTS migration (
  name TEXT PRIMARY KEY,
  checksum TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;

/**
 * The steps that the database still lacks.
 * Throws `AppError` `conflict` for a database that a newer program wrote, `damaged` for a step that was altered.
 */
export function pendingMigrations(
  database: DatabaseSync,
  path: string,
  migrations: readonly Migration[],
): readonly Migration[] {
  const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migration'").get() !== undefined;
  const applied = known ? database.prepare('SELECT name, checksum FROM migration ORDER BY name').all() : [];
  for (const [index, row] of applied.entries()) {
    const migration = migrations[index];
    if (migration === undefined || migration.name !== row['name']) {
      throw new AppError('conflict', `The database ${path} was written by a newer version (${row['name']})`, {
        fix: 'Start the version that wrote it, or restore a backup that this version made.',
      });
    }
    if (migrationChecksum(migration) !== row['checksum']) {
      throw new AppError('damaged', `Step ${migration.name} of ${path} is not the one this version knows`, {
        fix: 'Start the version that wrote the database, or restore a backup that this version made.',
      });
    }
  }
  return migrations.slice(applied.length);
}

/** Applies each step in a transaction of its own. */
export function applyMigrations(database: DatabaseSync, pending: readonly Migration[]): void {
  for (const migration of pending) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(historyTable);
      database.exec(migration.sql);
      database
        .prepare('INSERT INTO migration (name, checksum, applied_at) VALUES (?, ?, ?)')
        .run(migration.name, migrationChecksum(migration), Date.now());
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Tells whether a step is the one that was applied. */
export function migrationChecksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
