import type { Migration } from '../migration.ts';

/**
 * Connector spaces, the metaverse between them, and the runs that fill them. Row numbers are never given out twice:
 * a waiting delivery must not find another person's object under the number of a deleted one.
 */
export const identityMigration: Migration = {
  name: '0020-identity',
  sql: `
CREATE TABLE space (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL UNIQUE,
  -- Attributes that connector_value holds for this agent, a JSON list in lower case.
  indexed TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE TABLE space_partition (
  id INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  dn TEXT NOT NULL,
  folded_dn TEXT NOT NULL,
  watermark TEXT,
  UNIQUE (space, folded_dn)
) STRICT;

CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  guid TEXT NOT NULL UNIQUE,
  object_type TEXT NOT NULL,
  attributes TEXT NOT NULL
) STRICT;
CREATE TABLE person_value (
  attribute TEXT NOT NULL,
  value TEXT NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (attribute, value, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE connector (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  space INTEGER NOT NULL REFERENCES space (id),
  partition INTEGER NOT NULL REFERENCES space_partition (id),
  anchor TEXT NOT NULL,
  dn TEXT NOT NULL,
  folded_dn TEXT NOT NULL,
  object_type TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'disconnector'
    CHECK (state IN ('connector', 'disconnector', 'explicit-disconnector', 'filtered')),
  person INTEGER REFERENCES person (id),
  link TEXT CHECK (link IN ('join', 'projection', 'provisioning', 'manual')),
  pending TEXT CHECK (pending IN ('add', 'update', 'delete', 'retry', 'review')),
  attributes TEXT NOT NULL,
  UNIQUE (space, anchor),
  CHECK ((state = 'connector') = (person IS NOT NULL)),
  CHECK ((state = 'connector') = (link IS NOT NULL))
) STRICT;
CREATE INDEX connector_dn ON connector (space, folded_dn);
CREATE INDEX connector_person ON connector (person);
CREATE INDEX connector_partition ON connector (partition);
CREATE INDEX connector_pending ON connector (partition) WHERE pending IS NOT NULL;
CREATE INDEX connector_review ON connector (id) WHERE pending = 'review';
CREATE TABLE connector_value (
  space INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  value TEXT NOT NULL,
  connector INTEGER NOT NULL,
  PRIMARY KEY (space, attribute, value, connector)
) STRICT, WITHOUT ROWID;

CREATE TABLE connector_count (
  space INTEGER NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (space, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER connector_enters AFTER INSERT ON connector BEGIN
  INSERT INTO connector_count VALUES (new.space, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER connector_changes_state AFTER UPDATE OF state ON connector WHEN old.state <> new.state BEGIN
  UPDATE connector_count SET count = count - 1 WHERE space = old.space AND state = old.state;
  INSERT INTO connector_count VALUES (new.space, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER connector_leaves AFTER DELETE ON connector BEGIN
  UPDATE connector_count SET count = count - 1 WHERE space = old.space AND state = old.state;
  DELETE FROM password_stamp WHERE connector = old.id;
  DELETE FROM digest WHERE connector = old.id;
END;

CREATE TABLE run_history (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  agent TEXT NOT NULL,
  profile TEXT NOT NULL,
  result TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  steps TEXT NOT NULL DEFAULT '[]',
  errors INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX run_history_agent ON run_history (agent, run);
CREATE INDEX run_history_open ON run_history (run) WHERE ended_at IS NULL;
CREATE TABLE run_error (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run_history (run) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  word TEXT NOT NULL,
  agent TEXT NOT NULL,
  dn TEXT NOT NULL,
  connector INTEGER,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX run_error_run ON run_error (run);
`,
};
