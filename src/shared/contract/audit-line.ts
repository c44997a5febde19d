import { z } from 'zod';

import { instant } from './instant.ts';

/** Each is a chain of its own. */
export const auditTableSchema = z.enum([
  'administration',
  'deleted-applications',
  'deleted-mappings',
  'external-credential-lookups',
  'windows-credential-lookups',
]);

/** One line of an audit table. */
export const auditLineSchema = z.strictObject({
  sequence: z.int(),
  at: instant,
  event: z.int(),
  message: z.string(),
  trackingId: z.string().optional(),
  caller: z.string().optional(),
  application: z.string().optional(),
  adapter: z.string().optional(),
  windowsAccount: z.string().optional(),
  externalUser: z.string().optional(),
});
export type AuditLine = z.infer<typeof auditLineSchema>;
