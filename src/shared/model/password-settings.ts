import { z } from 'zod';

import { seconds } from './seconds.ts';

/** A connected directory's password block: "Configure Extensions" and "Target Settings" of Identity Manager. */
export const passwordSettingsSchema = z.strictObject({
  /** Enable password management. */
  enabled: z.boolean().default(false),
  /** Supported password operations. */
  operations: z.enum(['set', 'change', 'set-and-change']).default('set-and-change'),
  /** Maximum retry count. */
  retryCount: z.int().min(0).max(10_000).default(10),
  /** Retry interval (seconds). */
  retryInterval: seconds(1, 86_400, 60),
  /** Require secure connection for password synchronization operations. */
  requireSecureConnection: z.boolean().default(true),
  /** Unlock locked accounts when resetting passwords. */
  unlock: z.boolean().default(false),
  /** The person chooses a new password at the next logon. */
  mustChange: z.boolean().default(false),
  /** Prove the new password on the target after each set. */
  verify: z.boolean().default(true),
  /** Collect deliveries without sending any; they drain when this is switched off again. */
  hold: z.boolean().default(false),
  /** Shadow mode: decide and report every change, and write none. */
  shadow: z.boolean().default(false),
  /** Connections used at the same time. */
  concurrency: z.int().min(1).max(64).default(8),
  /** Time limit of one operation on the target. */
  operationTimeout: seconds(1, 600, 10),
});
export type PasswordSettings = z.infer<typeof passwordSettingsSchema>;
