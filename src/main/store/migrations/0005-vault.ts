import type { Migration } from '../migration.ts';

/** Where the vault keeps its wrapped keys and small secrets; every database that holds sealed rows has it. */
export const vaultMigration: Migration = {
  name: '0005-vault',
  sql: `
CREATE TABLE lock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  keeper TEXT NOT NULL,
  note BLOB NOT NULL,
  proof BLOB NOT NULL,
  backed_up_at INTEGER
) STRICT;

CREATE TABLE key (
  version INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('root', 'active', 'retired')),
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  uses INTEGER NOT NULL,
  CHECK ((state = 'retired') = (retired_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX key_active ON key (state) WHERE state <> 'retired';

CREATE TABLE credential (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  sealed BLOB NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
`,
};
