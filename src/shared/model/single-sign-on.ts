import { z } from 'zod';

import { sharedDatabaseSchema } from './shared-database.ts';

const accountSchema = z.string().trim().min(1).max(256);
const auditRows = z.int().min(0).max(1_000_000).default(1000);

/** None, Low, Medium, High. */
export const auditLevelSchema = z.enum(['none', 'low', 'medium', 'high']);
export type AuditLevel = z.infer<typeof auditLevelSchema>;

/** SSO System Properties. */
export const ssoSystemSchema = z.strictObject({
  enabled: z.boolean().default(false),
  /** Host that keeps the master secret. */
  masterSecretServer: z.string().trim().min(1).max(255).optional(),
  /** Ticket timeout (in minutes). */
  ticketTimeout: z.int().min(1).max(525_600).default(2),
  /** Credential cache timeout (in minutes). */
  credentialCacheTimeout: z.int().min(1).max(525_600).default(60),
  /** SSO Administrators. */
  administrators: z.array(accountSchema).max(64).default([]),
  /** SSO Affiliate Administrators. */
  affiliateAdministrators: z.array(accountSchema).max(64).default([]),
  allowTickets: z.boolean().default(false),
  validateTickets: z.boolean().default(true),
  allowHostInitiatedSso: z.boolean().default(false),
  /** Enable Password Sync. */
  passwordSync: z
    .strictObject({
      fromWindowsToAdapters: z.boolean().default(false),
      /** Partial synchronization: an external change reaches the credential database. */
      fromAdaptersToDatabase: z.boolean().default(false),
      /** Full synchronization: an external change reaches Active Directory too. */
      fromAdaptersToWindows: z.boolean().default(false),
    })
    .prefault({}),
  /** Rows that each audit table keeps. */
  audits: z
    .strictObject({
      deletedApplications: auditRows,
      deletedMappings: auditRows,
      externalCredentialLookups: auditRows,
    })
    .prefault({}),
});
export type SsoSystem = z.infer<typeof ssoSystemSchema>;

/** One SSO server and its properties. */
export const ssoServerSchema = z.strictObject({
  /** Host name, in the form that its service principal name has. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/, 'Is not the name of a computer'),
  positiveAuditLevel: auditLevelSchema.default('none'),
  negativeAuditLevel: auditLevelSchema.default('low'),
  sqlServer: z.string().max(255).default(''),
  database: z.string().max(128).default('SSODB'),
  /** Use SSL when connecting to SQL Server. */
  useSsl: z.boolean().default(false),
  serviceAccount: z.string().max(256).default(''),
  /** Password Sync Age (in hours). */
  passwordSyncAge: z.int().min(1).max(8760).default(24),
  allowPasswordSyncFromPcns: z.boolean().default(false),
  /** Allow password sync from MIIS. */
  allowPasswordSyncFromMiis: z.boolean().default(false),
  /** Allow password sync from FIM 2007. */
  allowPasswordSyncFromFim2007: z.boolean().default(false),
  /** Allow password sync from FIM: FIM 2010, MIM and Carillon itself. */
  allowPasswordSyncFromFim: z.boolean().default(false),
  allowRemoteLookup: z.boolean().default(false),
  /** Stopped in the console: gives out and synchronizes nothing until it is started again. */
  stopped: z.boolean().default(false),
});
export type SsoServer = z.infer<typeof ssoServerSchema>;

/**
 * Whether a server takes changes from Identity Manager. All its versions call in the same way and cannot be told
 * apart; each has its own box because each set-up guide names its own.
 */
export function allowsIdentityManager(server: SsoServer): boolean {
  return (
    server.allowPasswordSyncFromMiis || server.allowPasswordSyncFromFim2007 || server.allowPasswordSyncFromFim
  );
}

/** Where this server takes changes of Windows passwords. */
export const ssoListenSchema = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(6948),
  /** `ENTSSO/<host>`, in the form in which it is registered on the service account. */
  spn: z.string().regex(/^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/, 'Has the form class/host'),
  /** Keytab with that name's key; the channel's where absent. */
  keytab: z.string().optional(),
  /** Company certificate and key, PEM files; a key of its own is made where absent. */
  certificateFile: z.string().optional(),
  keyFile: z.string().optional(),
});

/** Enterprise Single Sign-On: one system, and the servers that it has. */
export const singleSignOnSchema = z.strictObject({
  system: ssoSystemSchema.prefault({}),
  listen: ssoListenSchema.optional(),
  /** PostgreSQL database of a system with several servers; the own store of this server where absent. */
  sharedDatabase: sharedDatabaseSchema.optional(),
  /** Folder of the socket that adapters connect to; `adapters` in the data directory where absent. */
  adapterDirectory: z.string().max(80).optional(),
  /** Folder of replay files, which holds nothing else; `replay` in the data directory where absent. */
  replayDirectory: z.string().min(1).max(4096).optional(),
  /** Which of the servers this one is, where its name is not that of the computer. */
  serverName: z.string().min(1).max(255).optional(),
  servers: z
    .array(ssoServerSchema)
    .max(64)
    .default([])
    .superRefine((servers, context) => {
      const seen = new Set<string>();
      for (const [index, { name }] of servers.entries()) {
        const key = name.toLowerCase();
        if (seen.has(key))
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `Another server is named "${name}"`,
            params: { fix: 'Remove one of the two.' },
          });
        seen.add(key);
      }
    }),
});
export type SingleSignOn = z.infer<typeof singleSignOnSchema>;
