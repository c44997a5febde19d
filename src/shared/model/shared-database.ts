import { z } from 'zod';

import { databaseServerSchema } from './agent-database.ts';
import { seconds } from './seconds.ts';

/** The PostgreSQL database that the servers of one single sign-on system share; the user's password lives in the vault. */
export const sharedDatabaseSchema = databaseServerSchema.extend({
  /** SSO database. */
  database: z
    .string()
    .regex(/^[^\p{Cc}"'\\]{1,128}$/u, 'Is not the name of a database')
    .default('SSODB'),
  /** How often this server looks for what the others changed, and says that it is there. */
  pollInterval: seconds(1, 3600, 30),
});
export type SharedDatabaseSettings = z.infer<typeof sharedDatabaseSchema>;

/** Under which name the vault keeps the password of the shared database; no agent has it, whose ids have no colon. */
export const sharedDatabaseCredential = 'sso:database';
