import type { Migration } from '../migration.ts';

/**
 * The credential database. Uniqueness stands here, by type of application: Individual has both sides once, Group its
 * Windows accounts, Host Group its external ones. The audit is a chain: each line's digest covers the one before.
 */
export const singleSignOnMigration: Migration = {
  name: '0040-single-sign-on',
  sql: `
CREATE TABLE sso_application (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE sso_adapter (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE sso_filter (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  document TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: a number that a seal covers is never given to another mapping.
CREATE TABLE sso_mapping (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  application INTEGER NOT NULL REFERENCES sso_application (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  windows_account TEXT NOT NULL COLLATE NOCASE,
  external_user TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  disabled_by_administrator INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sso_mapping_windows ON sso_mapping (application, windows_account) WHERE type <> 'host-group';
CREATE UNIQUE INDEX sso_mapping_external ON sso_mapping (application, external_user) WHERE type <> 'group';
CREATE INDEX sso_mapping_account ON sso_mapping (windows_account);
CREATE INDEX sso_mapping_user ON sso_mapping (external_user);

CREATE TABLE sso_credential (
  id INTEGER PRIMARY KEY,
  mapping INTEGER NOT NULL REFERENCES sso_mapping (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('external', 'windows')),
  sealed BLOB NOT NULL,
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (mapping, kind)
) STRICT;

CREATE TABLE sso_audit (
  trail TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  line TEXT NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (trail, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE sso_audit_head (
  trail TEXT PRIMARY KEY,
  first_sequence INTEGER NOT NULL,
  before_first BLOB NOT NULL,
  last_sequence INTEGER NOT NULL,
  last_digest BLOB NOT NULL,
  proof BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sso_lock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  keeper TEXT NOT NULL,
  note BLOB NOT NULL,
  proof BLOB NOT NULL,
  backed_up_at INTEGER
) STRICT;
CREATE TABLE sso_key (
  version INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('root', 'active', 'retired')),
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  uses INTEGER NOT NULL,
  CHECK ((state = 'retired') = (retired_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX sso_key_active ON sso_key (state) WHERE state <> 'retired';
`,
};
