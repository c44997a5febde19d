import type { Migration } from '../migration.ts';
import { credentialDatabaseMigration } from './migrations/0010-credential-database.ts';

/** Every step of the shared credential database, in order; its numbers are its own. */
export const sharedMigrations: readonly Migration[] = [credentialDatabaseMigration];
