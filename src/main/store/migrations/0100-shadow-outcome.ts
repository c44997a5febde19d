import type { Migration } from '../migration.ts';

/**
 * Deliveries can end as shadowed. SQLite changes no rule of a table, so the table is written anew; its triggers go
 * with the old one, and do not count the copied rows, since they are made afterwards.
 */
export const shadowOutcomeMigration: Migration = {
  name: '0100-shadow-outcome',
  sql: `
CREATE TABLE next_delivery (
  id INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL REFERENCES change (sequence) ON DELETE CASCADE,
  target TEXT NOT NULL,
  connector INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'parked', 'settled')),
  sealed BLOB,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  outcome TEXT CHECK (outcome IN ('delivered', 'shadowed', 'superseded', 'refused', 'expired', 'cancelled')),
  event INTEGER,
  reason TEXT,
  settled_at INTEGER,
  verification TEXT,
  attempts_log TEXT NOT NULL DEFAULT '[]',
  CHECK ((state = 'settled') = (sealed IS NULL)),
  CHECK ((state = 'settled') = (outcome IS NOT NULL)),
  CHECK ((state = 'settled') = (settled_at IS NOT NULL))
) STRICT;
INSERT INTO next_delivery SELECT id, sequence, target, connector, state, sealed, attempts, next_attempt_at,
  expires_at, outcome, event, reason, settled_at, verification, attempts_log FROM delivery;
DROP TABLE delivery;
ALTER TABLE next_delivery RENAME TO delivery;

CREATE UNIQUE INDEX delivery_connector ON delivery (connector) WHERE state <> 'settled';
CREATE INDEX delivery_due ON delivery (target, next_attempt_at, sequence, connector) WHERE state = 'waiting';
CREATE INDEX delivery_open ON delivery (id) WHERE state <> 'settled';
CREATE INDEX delivery_expiry ON delivery (expires_at) WHERE state <> 'settled';
CREATE INDEX delivery_oldest ON delivery (target, state, sequence) WHERE state <> 'settled';
CREATE INDEX delivery_history ON delivery (connector, id) WHERE state = 'settled';
CREATE INDEX delivery_change ON delivery (sequence);

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
`,
};
