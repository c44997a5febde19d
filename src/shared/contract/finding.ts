import { z } from 'zod';

import { agentIdSchema } from '../model/change.ts';

/** Where a finding is looked at and mended. */
export const findingPlaceSchema = z.discriminatedUnion('kind', [
  /** A setting, by its place in the configuration: `agents[0].partitions`. */
  z.strictObject({ kind: z.literal('setting'), path: z.string() }),
  z.strictObject({ kind: z.literal('agent'), agent: agentIdSchema }),
  /** The queue, the domain controllers. */
  z.strictObject({ kind: z.literal('queue') }),
  z.strictObject({ kind: z.literal('controllers') }),
]);
export type FindingPlace = z.infer<typeof findingPlaceSchema>;

/** Something about the installation that an administrator should know, with what to do about it. */
export const findingSchema = z.strictObject({
  severity: z.enum(['information', 'warning', 'error']),
  /** What it is about: an agent's name, a file, a domain controller. */
  subject: z.string(),
  message: z.string(),
  fix: z.string(),
  place: findingPlaceSchema.optional(),
});
export type Finding = z.infer<typeof findingSchema>;
