import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';
import { instant } from './instant.ts';

export const domainControllerSchema = z.strictObject({
  server: z.string(),
  domain: z.string(),
  firstSeenAt: instant,
  lastHeartbeatAt: instant.optional(),
  lastChangeAt: instant.optional(),
  /** Its clock minus ours, milliseconds. */
  clockDifference: z.number().optional(),
  /** Changes that wait there. */
  queued: z.int().optional(),
});
export type DomainController = z.infer<typeof domainControllerSchema>;

export const captureContract = defineContract({
  methods: {
    'capture.controllers': {
      access: 'browse',
      input: z.strictObject({}),
      output: z.array(domainControllerSchema),
    },
  },
  topics: { 'capture.changed': { access: 'browse', payload: z.strictObject({}) } },
});
