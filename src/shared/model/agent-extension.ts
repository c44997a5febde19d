import { z } from 'zod';

import { seconds } from './seconds.ts';

/**
 * A program of one's own that speaks the extension protocol over its standard input and output.
 * It gets no shell, no part of the service's environment and no secret here: what it signs in with lives in the vault.
 */
export const extensionSchema = z.strictObject({
  /** Path of the program, or the name of one on the system's path. */
  command: z.string().min(1).max(4096),
  arguments: z.array(z.string().max(4096)).max(64).default([]),
  /** Where the program runs; the data directory of the service where absent. */
  workingDirectory: z.string().min(1).max(4096).optional(),
  /** What the program is told when it opens: addresses, user names; never a password. */
  parameters: z.record(z.string().min(1).max(128), z.string().max(4096)).default({}),
  /** Time limit of the program's start and of its schema. */
  startTimeout: seconds(1, 600, 10),
});
export type Extension = z.infer<typeof extensionSchema>;
