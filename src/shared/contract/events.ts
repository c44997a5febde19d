import { z } from 'zod';

import { agentIdSchema, trackingIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { instant } from './instant.ts';

const sourceSchema = z.enum(['Carillon', 'FIMSynchronizationService', 'PCNSSVC', 'ENTSSO']);
const severitySchema = z.enum(['information', 'warning', 'error']);

export const loggedEventSchema = z.strictObject({
  id: z.int(),
  at: instant,
  number: z.int(),
  source: sourceSchema,
  severity: severitySchema,
  message: z.string(),
  trackingId: trackingIdSchema.optional(),
  account: z.string().optional(),
  agent: agentIdSchema.optional(),
});
export type LoggedEvent = z.infer<typeof loggedEventSchema>;

export const eventDefinitionSchema = z.strictObject({
  number: z.int(),
  source: sourceSchema,
  severity: severitySchema,
  title: z.string(),
  meaning: z.string(),
  cause: z.string(),
  fix: z.string(),
  retried: z.boolean().optional(),
  unraised: z.string().optional(),
});

export const eventsContract = defineContract({
  methods: {
    /** Newest first; `before` goes on behind that event, `after` asks for what came since. */
    'events.list': {
      access: 'browse',
      input: z.strictObject({
        number: z.int().min(0).optional(),
        severity: severitySchema.optional(),
        trackingId: trackingIdSchema.optional(),
        account: z.string().min(1).max(256).optional(),
        agent: z.string().min(1).max(64).optional(),
        before: z.int().min(1).optional(),
        after: z.int().min(0).optional(),
        limit: z.int().min(1).max(1000).default(100),
      }),
      output: z.array(loggedEventSchema),
    },
    /** Events that the log holds. */
    'events.count': {
      access: 'browse',
      input: z.strictObject({}),
      output: z.strictObject({ count: z.int().min(0) }),
    },
    'events.define': {
      access: 'browse',
      input: z.strictObject({ number: z.int().min(0) }),
      output: eventDefinitionSchema,
    },
  },
  topics: { 'events.logged': { access: 'browse', payload: loggedEventSchema } },
});
