import { z } from 'zod';

import { agentIdSchema, trackingIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { agentReferenceSchema } from './agents.ts';
import { instant } from './instant.ts';

const outcomeSchema = z.enum(['delivered', 'shadowed', 'superseded', 'refused', 'expired', 'cancelled']);

export const hopSchema = z.strictObject({ name: z.string(), at: instant, note: z.string().optional() });

export const attemptSchema = z.strictObject({
  at: instant,
  ms: z.number(),
  /** `success` or the failure's word. */
  result: z.string(),
  event: z.int(),
  detail: z.string().optional(),
});

export const deliveryTraceSchema = z.strictObject({
  id: z.int(),
  agent: agentIdSchema,
  agentName: z.string(),
  /** Distinguished name of the object that the password was for. */
  dn: z.string().optional(),
  state: z.enum(['waiting', 'parked', 'settled']),
  outcome: outcomeSchema.optional(),
  event: z.int().optional(),
  reason: z.string().optional(),
  verification: z.string().optional(),
  settledAt: instant.optional(),
  nextAttemptAt: instant.optional(),
  attempts: z.array(attemptSchema),
});

export const changeRowSchema = z.strictObject({
  trackingId: trackingIdSchema,
  sequence: z.int(),
  account: z.string(),
  sourceServer: z.string(),
  committedAt: instant,
  receivedAt: instant,
  /** Set where the change went nowhere. */
  refusal: z.strictObject({ event: z.int(), reason: z.string() }).optional(),
});
export type ChangeRow = z.infer<typeof changeRowSchema>;

/** The whole life of one change. */
export const changeTraceSchema = changeRowSchema.extend({
  objectGuid: z.string(),
  capturedAt: instant,
  person: z.int().optional(),
  hops: z.array(hopSchema),
  deliveries: z.array(deliveryTraceSchema),
});
export type ChangeTrace = z.infer<typeof changeTraceSchema>;

/** One row of an object's password history. */
export const historyRowSchema = z.strictObject({
  trackingId: trackingIdSchema,
  account: z.string(),
  agent: agentIdSchema,
  agentName: z.string(),
  outcome: outcomeSchema,
  event: z.int(),
  reason: z.string().optional(),
  verification: z.string().optional(),
  attempts: z.int(),
  receivedAt: instant,
  settledAt: instant,
});
export type HistoryRow = z.infer<typeof historyRowSchema>;

/** Queue, latency and outcomes of the last hour. */
export const recentHourSchema = z.strictObject({
  now: instant,
  /** When counting began. */
  since: instant,
  depths: z.array(z.strictObject({ at: instant, waiting: z.int(), parked: z.int() })),
  /** By minute; from received to delivered, milliseconds. Minutes without a delivery are absent. */
  latencies: z.array(z.strictObject({ at: instant, deliveries: z.int(), p50: z.number(), p99: z.number() })),
  outcomes: z.array(
    z.strictObject({
      agent: agentIdSchema,
      agentName: z.string(),
      counts: z.partialRecord(outcomeSchema, z.int()),
    }),
  ),
});
export type RecentHourReading = z.infer<typeof recentHourSchema>;

const limit = z.int().min(1).max(1000).default(50);

export const changesContract = defineContract({
  methods: {
    /** Newest first; goes on behind sequence `before`. */
    'changes.list': {
      access: 'browse',
      input: z.strictObject({
        account: z.string().min(1).max(256).optional(),
        before: z.int().min(1).optional(),
        limit,
      }),
      output: z.array(changeRowSchema),
    },
    'changes.trace': {
      access: 'browse',
      input: z.strictObject({ trackingId: trackingIdSchema }),
      output: changeTraceSchema,
    },
    /** Several traces at once; what is no change is left out. */
    'changes.traces': {
      access: 'browse',
      input: z.strictObject({ trackingIds: z.array(trackingIdSchema).max(64) }),
      output: z.array(changeTraceSchema),
    },
    /** What became of an account's changes, newest first; the account in NT4 form or its name alone. */
    'changes.history': {
      access: 'browse',
      input: z.strictObject({ account: z.string().min(1).max(256), limit }),
      output: z.array(historyRowSchema),
    },
    /**
     * Deliveries that have ended, the newest first. A search looks back over a bounded number of them, so that it stays
     * quick however long the history is.
     */
    'changes.ended': {
      access: 'browse',
      input: z.strictObject({
        /** Part of an account's name. */
        person: z.string().min(1).max(256).optional(),
        agent: agentReferenceSchema.optional(),
        outcome: outcomeSchema.optional(),
        limit,
      }),
      output: z.array(historyRowSchema),
    },
    /** The last hour in figures for charts; a start of the service begins a new hour. */
    'changes.recentHour': {
      access: 'browse',
      input: z.strictObject({}),
      output: recentHourSchema,
    },
  },
  topics: {
    /** A change arrived or one of its deliveries moved on. */
    'changes.changed': { access: 'browse', payload: z.strictObject({ trackingId: trackingIdSchema }) },
  },
});
