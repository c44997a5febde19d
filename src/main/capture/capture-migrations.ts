import type { Migration } from '#store/migration.ts';
import { vaultMigration } from '#store/migrations/0005-vault.ts';

/** Shape of the database on a domain controller. */
export const captureMigrations: readonly Migration[] = [
  vaultMigration,
  {
    name: '0010-initial',
    sql: `
      CREATE TABLE change (
        sequence INTEGER PRIMARY KEY,
        tracking_id TEXT NOT NULL UNIQUE,
        hook_account TEXT NOT NULL,
        captured_at INTEGER NOT NULL,
        queued_at INTEGER,
        baseline_kind TEXT NOT NULL CHECK (baseline_kind IN ('exact', 'remembered')),
        baseline_version INTEGER,
        state TEXT NOT NULL CHECK (state IN ('held', 'queued')),
        account TEXT,
        object_guid TEXT,
        committed_at INTEGER,
        version INTEGER,
        sealed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX change_held ON change (sequence) WHERE state = 'held';
      CREATE INDEX change_queued ON change (sequence) WHERE state = 'queued';
      CREATE INDEX change_captured ON change (captured_at);

      CREATE TABLE delivery (
        target TEXT NOT NULL,
        sequence INTEGER NOT NULL REFERENCES change ON DELETE CASCADE,
        object_guid TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'blocked')),
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt_at INTEGER NOT NULL,
        PRIMARY KEY (target, sequence)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX delivery_person ON delivery (target, object_guid);
      CREATE INDEX delivery_change ON delivery (sequence);
      CREATE INDEX delivery_due ON delivery (target, state, next_attempt_at);

      CREATE TABLE counter (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE password_ledger (
        object_guid TEXT PRIMARY KEY,
        version INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE bookmark (
        name TEXT PRIMARY KEY,
        value BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        number INTEGER NOT NULL,
        source TEXT NOT NULL,
        severity TEXT NOT NULL,
        message TEXT NOT NULL,
        tracking_id TEXT,
        account TEXT,
        agent TEXT
      ) STRICT;
    `,
  },
];
