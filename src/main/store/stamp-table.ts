import type { ChangeStamp, ConnectorId } from '#shared/model/change.ts';

import type { Database } from './database.ts';

const incoming = `INSERT INTO password_stamp (connector, incoming_at, incoming_version) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET incoming_at = excluded.incoming_at, incoming_version = excluded.incoming_version
  WHERE incoming_at IS NULL
    OR (excluded.incoming_at, excluded.incoming_version) > (incoming_at, incoming_version)`;

const outgoing = `INSERT INTO password_stamp (connector, outgoing_at, outgoing_version) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET outgoing_at = excluded.outgoing_at, outgoing_version = excluded.outgoing_version
  WHERE outgoing_at IS NULL
    OR (excluded.outgoing_at, excluded.outgoing_version) > (outgoing_at, outgoing_version)`;

/** Notes, within a commit, the newest change that came in from a connector; an older one changes nothing. */
export function saveIncomingStamp(database: Database, connector: ConnectorId, stamp: ChangeStamp): void {
  database.run(incoming, connector, stamp.committedAt, stamp.version);
}

/** Notes, within a commit, the newest change that was written to a connector; an older one changes nothing. */
export function saveOutgoingStamp(database: Database, connector: ConnectorId, stamp: ChangeStamp): void {
  database.run(outgoing, connector, stamp.committedAt, stamp.version);
}
