import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';

/** The lab of real servers that a source tree can start. */
export const labStatusSchema = z.strictObject({
  state: z.enum(['absent', 'ready', 'starting', 'running', 'failed']),
  /** What happens now, what went wrong, or why there is none. */
  words: z.string(),
  /** Of the service that runs in the lab. */
  dataDirectory: z.string().optional(),
});
export type LabStatus = z.infer<typeof labStatusSchema>;

/** What the program that opened a console offers beside any service. */
export const deskContract = defineContract({
  methods: {
    'lab.status': { access: 'administer', input: z.strictObject({}), output: labStatusSchema },
    /** Starts the lab where it does not run; `lab.changed` tells how it goes on. */
    'lab.start': { access: 'administer', input: z.strictObject({}), output: labStatusSchema },
    'lab.stop': { access: 'administer', input: z.strictObject({}), output: labStatusSchema },
  },
  topics: { 'lab.changed': { access: 'administer', payload: labStatusSchema } },
});
export type DeskContract = typeof deskContract;
