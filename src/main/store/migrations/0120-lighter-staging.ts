import type { Migration } from '../migration.ts';

/** Staging counts the objects that it adds once a batch, and objects without a person stand in no index of persons. */
export const lighterStagingMigration: Migration = {
  name: '0120-lighter-staging',
  sql: `
DROP TRIGGER connector_enters;
DROP INDEX connector_person;
CREATE INDEX connector_person ON connector (person) WHERE person IS NOT NULL;
`,
};
