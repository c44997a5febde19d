import type { Migration } from '../migration.ts';

/** A moment keeps the definitions of single sign-on, too; null where the credential database was away. */
export const keptSectionsMigration: Migration = {
  name: '0110-kept-sections',
  sql: 'ALTER TABLE configuration_moment ADD COLUMN sections BLOB;',
};
