import { z } from 'zod';

export const runStepTypeSchema = z.enum([
  'delta-import-stage-only',
  'full-import-stage-only',
  'full-import-delta-sync',
  'full-import-full-sync',
  'delta-import-delta-sync',
  'delta-sync',
  'full-sync',
  'export',
]);
/** The eight step types of Identity Manager. */
export type RunStepType = z.infer<typeof runStepTypeSchema>;

export const runProfileSchema = z.strictObject({
  name: z.string().trim().min(1).max(64),
  steps: z
    .array(
      z.strictObject({
        type: runStepTypeSchema,
        /** Distinguished name of the partition; every partition where absent. */
        partition: z.string().optional(),
        /** Stop the run after this many objects. */
        objectLimit: z.int().min(1).optional(),
        /** Stop the run when it would delete more than this many objects. */
        deletionLimit: z.int().min(1).optional(),
        /** Page size (objects). */
        pageSize: z.int().min(1).max(10_000).default(500),
        /** Timeout of one page, seconds. */
        timeout: z.int().min(1).max(3600).default(120),
      }),
    )
    .min(1),
});
export type RunProfile = z.infer<typeof runProfileSchema>;
export type RunStep = RunProfile['steps'][number];
