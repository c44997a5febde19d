import { z } from 'zod';

/** How long the configuration's history is kept, and snapshots that are made by themselves. */
export const snapshotSettingsSchema = z.strictObject({
  /** Days that a configuration that was in force can be compared and restored. */
  keepDays: z.int().min(1).max(3650).default(365),
  /** Writes a snapshot's file whenever the configuration is another one than at the last time. */
  schedule: z
    .strictObject({
      /** Absolute path; such as a working copy of git. */
      directory: z.string().min(1).max(4096),
      everyHours: z.int().min(1).max(8760).default(24),
      /** Files that are kept; the oldest go. */
      keep: z.int().min(1).max(1000).default(30),
    })
    .optional(),
});
