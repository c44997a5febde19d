import type { Migration } from '../migration.ts';

/** What synchronization wants to write to the directories, until an import shows it there. */
export const exportsMigration: Migration = {
  name: '0060-exports',
  sql: `
CREATE TABLE pending_export (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  partition INTEGER NOT NULL REFERENCES space_partition (id) ON DELETE CASCADE,
  space INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  operation TEXT NOT NULL CHECK (operation IN ('add', 'update', 'delete')),
  person INTEGER REFERENCES person (id) ON DELETE CASCADE,
  connector INTEGER REFERENCES connector (id) ON DELETE CASCADE,
  -- Name of an object to be made, or the new one of an object to be renamed.
  dn TEXT,
  folded_dn TEXT,
  object_classes TEXT NOT NULL DEFAULT '[]',
  changes TEXT NOT NULL DEFAULT '{}',
  stage TEXT NOT NULL DEFAULT 'pending' CHECK (stage IN ('pending', 'exported')),
  tries INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  CHECK ((operation = 'add') = (person IS NOT NULL)),
  CHECK ((operation = 'add') = (connector IS NULL))
) STRICT;
CREATE UNIQUE INDEX pending_export_connector ON pending_export (connector) WHERE connector IS NOT NULL;
CREATE UNIQUE INDEX pending_export_person ON pending_export (person, space) WHERE person IS NOT NULL;
CREATE INDEX pending_export_name ON pending_export (space, folded_dn) WHERE operation = 'add';
CREATE INDEX pending_export_stage ON pending_export (partition, id) WHERE stage = 'pending';
`,
};
