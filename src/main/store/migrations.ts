import type { Migration } from './migration.ts';
import { vaultMigration } from './migrations/0005-vault.ts';
import { initialMigration } from './migrations/0010-initial.ts';
import { identityMigration } from './migrations/0020-identity.ts';

/** Every step of the server's database, in order. */
export const storeMigrations: readonly Migration[] = [vaultMigration, initialMigration, identityMigration];
