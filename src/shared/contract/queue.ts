import { z } from 'zod';

import { agentIdSchema, trackingIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { agentReferenceSchema } from './agents.ts';
import { instant } from './instant.ts';

export const queueRowSchema = z.strictObject({
  id: z.int(),
  trackingId: trackingIdSchema,
  sequence: z.int(),
  account: z.string(),
  agent: agentIdSchema,
  agentName: z.string(),
  state: z.enum(['waiting', 'parked']),
  attempts: z.int(),
  receivedAt: instant,
  nextAttemptAt: instant.optional(),
  expiresAt: instant,
  /** Result word, event number and the target's words of the last try. */
  lastResult: z.string().optional(),
  lastEvent: z.int().optional(),
  lastDetail: z.string().optional(),
});
export type QueueRow = z.infer<typeof queueRowSchema>;

const ids = z.array(z.int().min(1)).min(1).max(10_000);
const counted = z.strictObject({ count: z.int() });

export const queueContract = defineContract({
  methods: {
    'queue.list': {
      access: 'browse',
      input: z.strictObject({
        state: z.enum(['waiting', 'parked']).optional(),
        agent: agentReferenceSchema.optional(),
        /** NT4 name or the account's name alone. */
        account: z.string().min(1).max(256).optional(),
        /** Goes on behind this delivery. */
        after: z.int().min(0).default(0),
        limit: z.int().min(1).max(1000).default(100),
      }),
      output: z.strictObject({ rows: z.array(queueRowSchema), total: z.int(), next: z.int().optional() }),
    },
    /** Makes deliveries due at once, with their attempts counted anew. */
    'queue.release': { access: 'operate', input: z.strictObject({ ids }), output: counted },
    /** Puts waiting deliveries aside, still sealed, until they are released, cancelled, or too old. */
    'queue.park': {
      access: 'operate',
      input: z.strictObject({ ids, reason: z.string().trim().min(1).max(256).default('Parked') }),
      output: counted,
    },
    'queue.cancel': {
      access: 'operate',
      input: z.strictObject({ ids, reason: z.string().trim().min(1).max(256).default('Cancelled') }),
      output: counted,
    },
    /** Cancels everything that waits or is parked, for one target or for all. */
    'queue.purge': {
      access: 'administer',
      input: z.strictObject({
        agent: agentReferenceSchema.optional(),
        reason: z.string().trim().min(1).max(256).default('Queue purged'),
      }),
      output: counted,
    },
  },
  topics: {
    'queue.changed': { access: 'browse', payload: z.strictObject({ agent: agentIdSchema.optional() }) },
  },
});
