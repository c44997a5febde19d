import type { Migration } from '../migration.ts';

/** What waits for adapters, and the changes that damping remembers. */
export const adaptersMigration: Migration = {
  name: '0050-adapters',
  sql: `
-- AUTOINCREMENT: an adapter confirms by number, and must not end another change than the one it was given.
CREATE TABLE notification (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tracking_id TEXT NOT NULL,
  adapter TEXT NOT NULL COLLATE NOCASE,
  application TEXT NOT NULL,
  windows_account TEXT NOT NULL,
  external_user TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX notification_due ON notification (adapter, next_attempt_at, changed_at, external_user);
CREATE INDEX notification_account ON notification (adapter, external_user);

CREATE TABLE damping (
  place TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  at INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('received', 'performed'))
) STRICT, WITHOUT ROWID;
CREATE INDEX damping_at ON damping (at);
`,
};
