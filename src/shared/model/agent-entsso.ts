import { z } from 'zod';

import { columnNameSchema } from './agent-column.ts';
import { agentIdSchema } from './change.ts';
import { seconds } from './seconds.ts';

const fingerprintSchema = z.string().regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'Has the form sha256/<base64>');

/** How an SSO server is reached and who the agent is there. A typed password lives in the vault under the agent's id. */
export const ssoConnectionSchema = z.strictObject({
  /** Connect To: the computer that receives password changes, in the form that its service principal name has. */
  connectTo: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/, 'Is not the name of a computer'),
  /** Where the server listens for changes of Windows passwords; this service's own listener is found without it. */
  port: z.int().min(1).max(65_535).default(6948),
  /** The account that the SSO server runs as, `DOMAIN\name` or `name@domain`. */
  user: z
    .string()
    .trim()
    .regex(
      /^(?:[^\\/@\s]{1,15}\\[^\\/@]{1,64}|[^\\/@\s]{1,64}@[^\\/@\s]{1,255})$/,
      'Has the form DOMAIN\\name or name@domain',
    ),
  /** Keytab of that account, in place of a password. */
  keytab: z.string().min(1).optional(),
  /** `sha256/<base64>` of the server's key; its certificate is checked where absent. */
  fingerprint: fingerprintSchema.optional(),
  /** Where another server takes mappings: its remote access, with the key of that. */
  administrationPort: z.int().min(1).max(65_535).default(6949),
  administrationFingerprint: fingerprintSchema.optional(),
  /** Trusted certificate authority, PEM file; the system's own list where absent. */
  caFile: z.string().min(1).optional(),
  /** Connection timeout. */
  connectTimeout: seconds(1, 600, 10),
});
export type SsoConnection = z.infer<typeof ssoConnectionSchema>;

/** Attribute of every object of the agent: the Windows identity that it stands for, for good. */
export const identityAttribute = 'objectGUID';

/** What ENTSSO.xml says of one agent: whose mappings it makes, and from whose names. */
export const ssoMappingsSchema = z.strictObject({
  /** `adma`: the Active Directory agent that gives Windows domain and account. */
  windowsAgent: agentIdSchema,
  /** `deleteAll`: a deleted Windows identity loses its mappings in every application. */
  deleteAll: z.boolean().default(true),
  /** `SourceMA`: where an agent's external user id stands, where it is not in `uid` of a `person`. */
  sources: z
    .array(
      z.strictObject({
        agent: agentIdSchema,
        objectType: z.string().trim().min(1).max(64).default('person'),
        attribute: columnNameSchema.default('uid'),
      }),
    )
    .max(64)
    .default([]),
  applications: z
    .array(
      z.strictObject({
        /** An affiliate application. */
        name: z
          .string()
          .trim()
          .min(1)
          .max(256)
          .refine((name) => name.toLowerCase() !== identityAttribute.toLowerCase(), 'Is a name of the agent'),
        /** `sourceMA`: the agent that gives the external user id. */
        source: agentIdSchema,
        create: z.boolean().default(true),
        delete: z.boolean().default(true),
      }),
    )
    .min(1)
    .max(256),
});
