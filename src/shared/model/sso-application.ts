import { z } from 'zod';

import { accountListSchema, windowsAccountSchema } from './sso-account.ts';

/** What an application, an adapter or a filter may be called: case is kept and does not distinguish. */
export const ssoNameSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\s\\/<>"|*?:]+$/, 'Has a space or a character that a name may not have');

/** Individual: one Windows user to one account. Group: Windows groups, in order. Host Group: many accounts to one user. */
export const applicationTypeSchema = z.enum(['individual', 'group', 'host-group']);
export type ApplicationType = z.infer<typeof applicationTypeSchema>;

export const applicationFieldSchema = z.strictObject({
  label: z.string().trim().min(1).max(128),
  /** Is not shown while it is typed. */
  masked: z.boolean().default(false),
  /** Receives the password that password synchronization brings. */
  synchronized: z.boolean().default(false),
});
export type ApplicationField = z.infer<typeof applicationFieldSchema>;

/** An affiliate application. Rules that need more than one value stand in `#sso/check-application.ts`. */
export const ssoApplicationSchema = z.strictObject({
  name: ssoNameSchema,
  /** Application type; fixed once it is made, like name, fields and the two options that say so. */
  type: applicationTypeSchema.default('individual'),
  description: z.string().max(1024).default(''),
  /** Contact information, often an e-mail address. */
  contact: z.string().max(256).default(''),
  /** Application Administrators. */
  administrators: accountListSchema,
  /** Application Users; the first of a Group application that the caller belongs to decides. */
  users: accountListSchema,
  /** The one Windows account of a Host Group application. */
  windowsAccount: windowsAccountSchema.optional(),
  /** The first is the external user ID; the others are credentials. */
  fields: z
    .array(applicationFieldSchema)
    .min(1)
    .max(16)
    .default([
      { label: 'User ID', masked: false, synchronized: false },
      { label: 'Password', masked: true, synchronized: true },
    ]),
  enabled: z.boolean().default(false),
  allowLocalAccounts: z.boolean().default(false),
  /** Use SSO Affiliate Admin Accounts for Application Admin accounts; fixed once it is made. */
  administratorsSameAsAffiliate: z.boolean().default(false),
  allowWindowsInitiatedSso: z.boolean().default(true),
  allowHostInitiatedSso: z.boolean().default(false),
  /** A host-initiated look-up must show the password. */
  verifyExternalCredentials: z.boolean().default(true),
  disableCredentialCache: z.boolean().default(false),
  allowTickets: z.boolean().default(false),
  validateTickets: z.boolean().default(true),
  timeoutTickets: z.boolean().default(true),
  /** Ticket timeout (in minutes); the system's where absent. */
  ticketTimeout: z.int().min(1).max(525_600).optional(),
  /** Direct Password Sync from Windows: no adapter takes part. */
  directPasswordSync: z.boolean().default(false),
  /** Application users cannot create mappings. */
  restrictMappingCreate: z.boolean().default(false),
  /** Credentials are Windows credentials; Individual only. */
  windowsCredentials: z.boolean().default(false),
  /** Credentials are restricted; Group only: nobody but administrators sets them. */
  restrictedCredentials: z.boolean().default(false),
  /** The one adapter that changes and reports passwords of this application. */
  adapter: ssoNameSchema.optional(),
  passwordFilter: ssoNameSchema.optional(),
});
export type SsoApplication = z.infer<typeof ssoApplicationSchema>;
export type SsoApplicationInput = z.input<typeof ssoApplicationSchema>;
