import { z } from 'zod';

import { ssoNameSchema } from '../model/sso-application.ts';
import { defineContract } from '../rpc/contract.ts';
import { instant } from './instant.ts';
import { channelStatusSchema } from './system.ts';

const nothing = z.strictObject({});

/** How an adapter stands at present. */
export const adapterStateSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['adapter', 'group-adapter']),
  enabled: z.boolean(),
  /** Connected to this server. */
  online: z.boolean(),
  software: z.string().optional(),
  /** Since when it is connected, and when something came from it last. */
  connectedAt: instant.optional(),
  heardAt: instant.optional(),
  /** Passwords that wait for it, and how many of them it holds unconfirmed. */
  waiting: z.int(),
  unconfirmed: z.int(),
});
export type AdapterState = z.infer<typeof adapterStateSchema>;

/** A password that waits for an adapter; the password itself stays sealed. */
export const waitingNotificationSchema = z.strictObject({
  id: z.int(),
  trackingId: z.string(),
  application: z.string(),
  windowsAccount: z.string(),
  externalUser: z.string(),
  /** When it was changed at its origin. */
  changedAt: instant,
  queuedAt: instant,
  attempts: z.int(),
  nextAttemptAt: instant,
});
export type WaitingNotification = z.infer<typeof waitingNotificationSchema>;

/** A password change that damping remembers, so that it is known again; the password is not among it. */
export const dampedChangeSchema = z.strictObject({
  /** Absent for a Windows account. */
  adapter: z.string().optional(),
  account: z.string(),
  at: instant,
  /** Whether it came from there, or was carried out there by a server. */
  origin: z.enum(['received', 'performed']),
});

/** Password synchronization while it runs; definitions of adapters are `sso.adapters`. */
export const adaptersContract = defineContract({
  methods: {
    'adapters.state': {
      access: 'use',
      input: nothing,
      output: z.strictObject({
        /** Socket that adapters connect to. */
        socket: z.string(),
        /** Where changes of Windows passwords come in. */
        listener: channelStatusSchema,
        adapters: z.array(adapterStateSchema),
      }),
    },
    /** What waits for one adapter, next attempt first. */
    'adapters.queue': {
      access: 'use',
      input: z.strictObject({ adapter: ssoNameSchema, limit: z.int().min(1).max(1000).default(1000) }),
      output: z.array(waitingNotificationSchema),
    },
    /** What damping remembers of the last ten minutes, newest first. */
    'adapters.damping': {
      access: 'use',
      input: z.strictObject({ limit: z.int().min(1).max(10_000).default(1000) }),
      output: z.array(dampedChangeSchema),
    },
    /** Empties the queue of one adapter or of all, or forgets what damping remembers; as `ssops -reset`. */
    'adapters.reset': {
      access: 'use',
      input: z.union([
        z.strictObject({ adapter: ssoNameSchema }),
        z.strictObject({ what: z.enum(['all', 'damping']) }),
      ]),
      output: z.strictObject({ dropped: z.int() }),
    },
  },
  topics: {},
});
