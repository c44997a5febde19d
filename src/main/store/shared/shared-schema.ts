import { AppError } from '#shared/model/app-error.ts';
import { SsoError } from '#sso/sso-error.ts';

import { type Migration, migrationChecksum } from '../migration.ts';
import type { SharedDatabase, SharedStatements } from './shared-database.ts';

/** PostgreSQL 12: the first whose identities and generated collations all statements here rely on. */
const oldestServer = 120_000;
/** Any number that only this product locks: two servers never change the shape at the same time. */
const shapeLock = 0x43_52_4c_4e;

/** What a database holds of the shape that this version needs. */
export type SharedShape =
  | { readonly state: 'empty' }
  | { readonly state: 'current' }
  | { readonly state: 'older'; readonly pending: readonly Migration[] };

/**
 * Looks at a database without changing it. Throws `AppError` `conflict` where a newer version wrote it or the database
 * server is too old, `damaged` where a step was altered, `SsoError` 10785 where it cannot be reached.
 */
export async function readSharedShape(
  database: SharedDatabase,
  migrations: readonly Migration[],
): Promise<SharedShape> {
  const [server] = await database.all<{ version: number }>(
    "SELECT current_setting('server_version_num')::integer AS version",
  );
  if ((server?.version ?? 0) < oldestServer)
    throw new AppError('conflict', `${database.place} is kept by a PostgreSQL older than version 12`, {
      fix: 'Use PostgreSQL 12 or later.',
    });
  return await shapeOf(database, database, migrations);
}

/**
 * Makes the tables in an empty database, or brings older ones up to date: all steps or none. Throws as
 * `readSharedShape` does, and `SsoError` 10831 where `create` meets tables that are there.
 */
export async function shapeSharedDatabase(
  database: SharedDatabase,
  migrations: readonly Migration[],
  mode: 'create' | 'upgrade',
): Promise<readonly string[]> {
  await readSharedShape(database, migrations);
  return await database.transact(async (statements) => {
    await statements.all('SELECT pg_advisory_xact_lock($1)', shapeLock);
    const shape = await shapeOf(database, statements, migrations);
    if (mode === 'create' && shape.state !== 'empty')
      throw new SsoError(10831, 'conflict', `${database.place} holds a credential database already`, {
        fix: 'Point this server at it: carillon ssoconfig -setdb.',
      });
    if (mode === 'upgrade' && shape.state === 'empty') throw notConfigured(database);
    if (shape.state === 'current') return [];
    const pending = shape.state === 'older' ? shape.pending : migrations;
    if (shape.state === 'empty') {
      await statements.run('CREATE SCHEMA carillon');
      await statements.run(
        'CREATE TABLE carillon.migration (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)',
      );
    }
    for (const migration of pending) {
      await statements.run(migration.sql);
      await statements.run(
        'INSERT INTO carillon.migration (name, checksum, applied_at) VALUES ($1, $2, now())',
        migration.name,
        migrationChecksum(migration),
      );
    }
    return pending.map(({ name }) => name);
  });
}

/** Throws `SsoError` 10833 or 10832 where a server cannot work with what the database holds. */
export async function requireSharedShape(
  database: SharedDatabase,
  migrations: readonly Migration[],
): Promise<void> {
  const shape = await readSharedShape(database, migrations);
  if (shape.state === 'empty') throw notConfigured(database);
  if (shape.state === 'older')
    throw new SsoError(
      10832,
      'conflict',
      `The credential database ${database.place} is older than this version: it lacks ${shape.pending.map(({ name }) => name).join(', ')}`,
    );
}

async function shapeOf(
  database: SharedDatabase,
  statements: SharedStatements,
  migrations: readonly Migration[],
): Promise<SharedShape> {
  const [found] = await statements.all<{ schema: boolean; history: boolean }>(
    `SELECT to_regnamespace('carillon') IS NOT NULL AS schema,
      to_regclass('carillon.migration') IS NOT NULL AS history`,
  );
  if (found?.schema !== true) return { state: 'empty' };
  if (!found.history)
    throw new SsoError(
      10833,
      'conflict',
      `${database.place} has a schema "carillon" that is no credential database`,
      { fix: 'Name another database: carillon ssoconfig -createdb.' },
    );
  const applied = await statements.all<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM carillon.migration ORDER BY name COLLATE "C"',
  );
  for (const [index, { name, checksum }] of applied.entries()) {
    const migration = migrations[index];
    if (migration?.name !== name)
      throw new AppError(
        'conflict',
        `The credential database ${database.place} was written by a newer version (${name})`,
        { fix: 'Start that version on this server too.' },
      );
    if (migrationChecksum(migration) !== checksum)
      throw new AppError('damaged', `Step ${name} of ${database.place} is not the one this version knows`, {
        fix: 'Start the version that wrote the database.',
      });
  }
  const pending = migrations.slice(applied.length);
  return pending.length === 0 ? { state: 'current' } : { state: 'older', pending };
}

function notConfigured(database: SharedDatabase): SsoError {
  return new SsoError(10833, 'not_found', `${database.place} holds no credential database`);
}
