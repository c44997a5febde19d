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
  /** Capture time of the oldest that waits there. */
  oldestQueuedAt: instant.optional(),
});
export type DomainController = z.infer<typeof domainControllerSchema>;

/** A domain controller, whether capture was ever heard of there or not. */
export const knownControllerSchema = domainControllerSchema.extend({
  firstSeenAt: instant.optional(),
  /** `missing`: the directory names it, and nothing was ever heard of it: its password changes are lost. */
  capture: z.enum(['alive', 'silent', 'missing']),
});
export type KnownController = z.infer<typeof knownControllerSchema>;

export const captureContract = defineContract({
  methods: {
    'capture.controllers': {
      access: 'browse',
      input: z.strictObject({}),
      output: z.array(knownControllerSchema),
    },
  },
  topics: { 'capture.changed': { access: 'browse', payload: z.strictObject({}) } },
});
