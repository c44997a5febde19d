import { z } from 'zod';

import { accountListSchema } from './sso-account.ts';
import { ssoNameSchema } from './sso-application.ts';

/** A password synchronization adapter, or the group adapter that serves several. */
export const ssoAdapterSchema = z.strictObject({
  name: ssoNameSchema,
  kind: z.enum(['adapter', 'group-adapter']).default('adapter'),
  description: z.string().max(1024).default(''),
  /** Full name of the host that it runs on. */
  computer: z
    .string()
    .max(255)
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9][a-z0-9-]{0,62})+$/i,
      'Is not the full name of a computer, host.domain',
    ),
  /** Application Administrators. */
  administrators: accountListSchema,
  /** Application Users: the access account, a group that the adapter's own account belongs to. */
  users: accountListSchema,
  administratorsSameAsAffiliate: z.boolean().default(false),
  allowLocalAccounts: z.boolean().default(false),
  enabled: z.boolean().default(false),
  /** Receive password changes from adapter. */
  receiveChanges: z.boolean().default(false),
  verifyOldPassword: z.boolean().default(true),
  /** Change Windows password: full synchronization. */
  changeWindowsPassword: z.boolean().default(false),
  /** Send Windows password changes to adapter. */
  sendChanges: z.boolean().default(false),
  sendOldPassword: z.boolean().default(false),
  allowMappingConflicts: z.boolean().default(false),
  /** Notification Retry Count. */
  retryCount: z.int().min(0).max(1000).default(5),
  /** Notification Retry Delay (in mins). */
  retryDelay: z.int().min(1).max(1440).default(1),
  /** Maximum Pending Notifications. */
  maxPending: z.int().min(1).max(1000).default(8),
  /** Store Notifications (when offline). */
  storeNotifications: z.boolean().default(false),
  /** What only this adapter knows, as its properties file names it. */
  properties: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9 _.-]{0,63}$/), z.string().max(4096))
    .refine((properties) => Object.keys(properties).length <= 64, 'More than 64 properties')
    .default({}),
  /** Group adapter that serves it. */
  group: ssoNameSchema.optional(),
});
export type SsoAdapter = z.infer<typeof ssoAdapterSchema>;
export type SsoAdapterInput = z.input<typeof ssoAdapterSchema>;
