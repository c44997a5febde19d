import type { Migration } from '../migration.ts';

/** Every configuration that was in force, and files that were imported and are kept as they came. */
export const configurationHistoryMigration: Migration = {
  name: '0090-configuration-history',
  sql: `
CREATE TABLE configuration_moment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('start', 'change', 'file', 'restore', 'undo', 'snapshot', 'import')),
  revision TEXT NOT NULL,
  note TEXT NOT NULL,
  changes TEXT NOT NULL,
  packed BLOB NOT NULL,
  secrets TEXT NOT NULL
) STRICT;
CREATE INDEX configuration_moment_at ON configuration_moment (at);

CREATE TABLE kept_document (
  name TEXT PRIMARY KEY,
  kept_at INTEGER NOT NULL,
  packed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
