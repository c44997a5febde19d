import { z } from 'zod';

/** Something about the installation that an administrator should know, with what to do about it. */
export const findingSchema = z.strictObject({
  severity: z.enum(['information', 'warning', 'error']),
  /** What it is about: an agent's name, a file, a domain controller. */
  subject: z.string(),
  message: z.string(),
  fix: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;
