import { z } from 'zod';

import { accessSchema } from '../rpc/access.ts';
import { defineContract } from '../rpc/contract.ts';
import { findingSchema } from './finding.ts';
import { instant } from './instant.ts';

export const channelStatusSchema = z.strictObject({
  state: z.enum(['off', 'listening', 'failed']),
  host: z.string().optional(),
  port: z.int().optional(),
  spn: z.string().optional(),
  /** SHA-256 fingerprint of the receiver's key, which senders pin. */
  fingerprint: z.string().optional(),
  /** Why it failed. */
  detail: z.string().optional(),
});
export type ChannelStatus = z.infer<typeof channelStatusSchema>;

export const systemStatusSchema = z.strictObject({
  version: z.string(),
  /** `read-only`: no service runs, and the store was opened for reading. */
  mode: z.enum(['service', 'read-only']),
  host: z.string(),
  pid: z.int(),
  startedAt: instant,
  dataDirectory: z.string(),
  configurationFile: z.string(),
  /** Content hash of the running configuration. */
  revision: z.string(),
  /** Enable Password Synchronization. */
  passwordSync: z.boolean(),
  keys: z.strictObject({ keeper: z.string(), open: z.boolean(), version: z.int().optional() }),
  channel: channelStatusSchema,
  /** Where consoles and programs on other computers come in. */
  remote: channelStatusSchema,
  /** Address of the Prometheus text. */
  metricsUrl: z.string().optional(),
  agents: z.int(),
  people: z.int(),
  queue: z.strictObject({
    waiting: z.int(),
    parked: z.int(),
    oldestReceivedAt: instant.optional(),
  }),
  findings: z.array(findingSchema),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;

export const systemContract = defineContract({
  methods: {
    'system.status': { access: 'browse', input: z.strictObject({}), output: systemStatusSchema },
    /** Who the caller is to the service, and what it may do. */
    'system.caller': {
      access: 'use',
      input: z.strictObject({}),
      output: z.strictObject({ caller: z.string(), account: z.string().optional(), access: accessSchema }),
    },
    'system.health': { access: 'browse', input: z.strictObject({}), output: z.array(findingSchema) },
    /** Writes a backup of the store beside it; one is made every day too. */
    'system.backup': {
      access: 'administer',
      input: z.strictObject({}),
      output: z.strictObject({ file: z.string(), at: instant }),
    },
  },
  topics: { 'system.changed': { access: 'browse', payload: z.strictObject({}) } },
});
