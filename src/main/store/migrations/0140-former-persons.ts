import type { Migration } from '../migration.ts';

/**
 * Whose object a deletion takes away, and what tied the two: whoever is wanted again before the export keeps it. And
 * new names can be looked up, for an object whose anchor is in its name comes back as another one.
 */
export const formerPersonsMigration: Migration = {
  name: '0140-former-persons',
  sql: `
ALTER TABLE pending_export ADD COLUMN former_person INTEGER;
ALTER TABLE pending_export ADD COLUMN former_link TEXT;
CREATE INDEX pending_export_former ON pending_export (former_person, space) WHERE former_person IS NOT NULL;
CREATE INDEX pending_export_rename ON pending_export (space, folded_dn) WHERE operation = 'update';
`,
};
