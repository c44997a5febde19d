import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';
import { instant } from './instant.ts';

const nameSchema = z.string().trim().min(1).max(255);

export const ssoServerRowSchema = z.strictObject({
  name: z.string(),
  /** Whether it is started, stopped and counted from here: this service itself, in a system of several every server. */
  steerable: z.boolean(),
  status: z.enum(['Online', 'Offline', 'Pending', 'Started', 'Stopped', 'Start Pending', 'Stop Pending']),
  /** When this was known; absent where nothing is known of the server but its name. */
  at: instant.optional(),
  serviceAccount: z.string(),
  database: z.string(),
  secretServer: z.boolean(),
  /** Whether it takes password changes. */
  passwordSync: z.boolean(),
  /** NetBIOS name. */
  computer: z.string(),
  /** Events since the start of the service or the last reset. */
  events: z.strictObject({ information: z.int(), warning: z.int(), error: z.int() }).optional(),
  version: z.string().optional(),
});
export type SsoServerRow = z.infer<typeof ssoServerRowSchema>;

/** The servers of the single sign-on system. */
export const ssoServersContract = defineContract({
  methods: {
    'sso.servers': { access: 'use', input: z.strictObject({}), output: z.array(ssoServerRowSchema) },
    'sso.startServer': {
      access: 'use',
      input: z.strictObject({ name: nameSchema }),
      output: z.strictObject({}),
    },
    /** A stopped server gives out no credentials and synchronizes no passwords until it is started again. */
    'sso.stopServer': {
      access: 'use',
      input: z.strictObject({ name: nameSchema }),
      output: z.strictObject({}),
    },
    'sso.resetServerCounts': {
      access: 'use',
      input: z.strictObject({ name: nameSchema }),
      output: z.strictObject({}),
    },
    /** Computers whose service account has a service principal name ENTSSO/..., as the directory names them. */
    'sso.discoverServers': {
      access: 'use',
      input: z.strictObject({}),
      output: z.array(z.strictObject({ name: z.string(), serviceAccount: z.string() })),
    },
  },
  topics: {},
});
