import type { Migration } from './migration.ts';
import { vaultMigration } from './migrations/0005-vault.ts';
import { initialMigration } from './migrations/0010-initial.ts';
import { identityMigration } from './migrations/0020-identity.ts';
import { singleSignOnMigration } from './migrations/0040-single-sign-on.ts';
import { adaptersMigration } from './migrations/0050-adapters.ts';
import { exportsMigration } from './migrations/0060-exports.ts';
import { configurationHistoryMigration } from './migrations/0090-configuration-history.ts';
import { shadowOutcomeMigration } from './migrations/0100-shadow-outcome.ts';
import { keptSectionsMigration } from './migrations/0110-kept-sections.ts';
import { lighterStagingMigration } from './migrations/0120-lighter-staging.ts';
import { plainRulesMigration } from './migrations/0130-plain-rules.ts';
import { formerPersonsMigration } from './migrations/0140-former-persons.ts';

/** Every step of the server's database, in order. */
export const storeMigrations: readonly Migration[] = [
  vaultMigration,
  initialMigration,
  identityMigration,
  singleSignOnMigration,
  adaptersMigration,
  exportsMigration,
  configurationHistoryMigration,
  shadowOutcomeMigration,
  keptSectionsMigration,
  lighterStagingMigration,
  plainRulesMigration,
  formerPersonsMigration,
];
