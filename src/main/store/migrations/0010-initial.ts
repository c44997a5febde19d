import type { Migration } from '../migration.ts';

/**
 * Changes, their deliveries, and what is told about them. The rules that must hold whatever the program does stand
 * here: one open delivery per connector, no sealed password on a settled one, an outcome on every settled one.
 */
export const initialMigration: Migration = {
  name: '0010-initial',
  sql: `
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY,
  tracking_id TEXT NOT NULL UNIQUE,
  domain TEXT NOT NULL,
  account TEXT NOT NULL COLLATE NOCASE,
  object_guid TEXT NOT NULL,
  source_server TEXT NOT NULL,
  captured_at INTEGER NOT NULL,
  committed_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  origin_agent TEXT,
  origin_partition TEXT,
  source INTEGER,
  person INTEGER,
  event INTEGER,
  reason TEXT,
  hops TEXT NOT NULL,
  CHECK ((event IS NULL) = (reason IS NULL))
) STRICT;
CREATE INDEX change_account ON change (account, sequence);
CREATE INDEX change_origin ON change (origin_agent, origin_partition, received_at) WHERE event IS NULL;

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL REFERENCES change (sequence) ON DELETE CASCADE,
  target TEXT NOT NULL,
  connector INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'parked', 'settled')),
  sealed BLOB,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  outcome TEXT CHECK (outcome IN ('delivered', 'superseded', 'refused', 'expired', 'cancelled')),
  event INTEGER,
  reason TEXT,
  settled_at INTEGER,
  verification TEXT,
  attempts_log TEXT NOT NULL DEFAULT '[]',
  CHECK ((state = 'settled') = (sealed IS NULL)),
  CHECK ((state = 'settled') = (outcome IS NOT NULL)),
  CHECK ((state = 'settled') = (settled_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX delivery_connector ON delivery (connector) WHERE state <> 'settled';
CREATE INDEX delivery_due ON delivery (target, next_attempt_at, sequence, connector) WHERE state = 'waiting';
CREATE INDEX delivery_open ON delivery (id) WHERE state <> 'settled';
CREATE INDEX delivery_expiry ON delivery (expires_at) WHERE state <> 'settled';
CREATE INDEX delivery_oldest ON delivery (target, state, sequence) WHERE state <> 'settled';
CREATE INDEX delivery_history ON delivery (connector, id) WHERE state = 'settled';
CREATE INDEX delivery_change ON delivery (sequence);

-- Depth and outcomes are asked for all the time; counting rows would take as long as the queue is.
CREATE TABLE depth (
  target TEXT NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (target, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (target, outcome)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER delivery_enters AFTER INSERT ON delivery WHEN new.state <> 'settled' BEGIN
  INSERT INTO depth VALUES (new.target, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER delivery_is_refused AFTER INSERT ON delivery WHEN new.state = 'settled' BEGIN
  INSERT INTO tally VALUES (new.target, new.outcome, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER delivery_moves AFTER UPDATE OF state ON delivery WHEN old.state <> new.state BEGIN
  UPDATE depth SET count = count - 1 WHERE target = old.target AND state = old.state;
  INSERT INTO depth SELECT new.target, new.state, 1 WHERE new.state <> 'settled'
    ON CONFLICT DO UPDATE SET count = count + 1;
  INSERT INTO tally SELECT new.target, new.outcome, 1 WHERE new.state = 'settled'
    ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER delivery_ends_once BEFORE UPDATE ON delivery WHEN old.state = 'settled' BEGIN
  SELECT RAISE(ABORT, 'A settled delivery does not change');
END;
CREATE TRIGGER delivery_stays_open BEFORE DELETE ON delivery WHEN old.state <> 'settled' BEGIN
  SELECT RAISE(ABORT, 'An open delivery is not deleted');
END;

CREATE TABLE password_stamp (
  connector INTEGER PRIMARY KEY,
  incoming_at INTEGER,
  incoming_version INTEGER,
  outgoing_at INTEGER,
  outgoing_version INTEGER
) STRICT;

CREATE TABLE digest (
  connector INTEGER NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (connector, at, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_age ON digest (at);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  number INTEGER NOT NULL,
  source TEXT NOT NULL,
  severity TEXT NOT NULL,
  message TEXT NOT NULL,
  tracking_id TEXT,
  account TEXT COLLATE NOCASE,
  agent TEXT
) STRICT;
CREATE INDEX event_number ON event (number);
CREATE INDEX event_tracking ON event (tracking_id) WHERE tracking_id IS NOT NULL;
`,
};
