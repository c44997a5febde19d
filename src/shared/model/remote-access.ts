import { z } from 'zod';

import { accountListSchema } from './sso-account.ts';

/** Where consoles, command lines and programs on other computers come in. */
export const remoteAccessSchema = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(6949),
  /** Service class and host that callers ask a ticket for, `CARILLON/<fqdn>`. */
  spn: z.string().regex(/^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/, 'Has the form class/host'),
  /** Keytab with that name's key. */
  keytab: z.string(),
  /** Company certificate and key, PEM files; a key of its own is made where absent. */
  certificateFile: z.string().optional(),
  keyFile: z.string().optional(),
  /** Groups, or accounts, that may do everything. */
  administrators: accountListSchema,
  /** Those that may run agents and steer the queue. */
  operators: accountListSchema,
  /** Those that may look. */
  readers: accountListSchema,
});
export type RemoteAccess = z.infer<typeof remoteAccessSchema>;
