import { z } from 'zod';

import { type Agent, type AgentInput, agentSchema } from '../model/agent.ts';
import { agentIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';
import { instant } from './instant.ts';

/** An agent by its id or its name. */
export const agentReferenceSchema = z.string().trim().min(1).max(64);

export const runSchema = z.strictObject({
  id: z.int(),
  agent: agentIdSchema,
  agentName: z.string(),
  profile: z.string(),
  startedAt: instant,
  endedAt: instant.optional(),
  /** Run result in the words of Identity Manager; absent while it runs. */
  result: z.string().optional(),
  steps: z.array(
    z.strictObject({
      number: z.int(),
      type: z.string(),
      partition: z.string().optional(),
      startedAt: instant.optional(),
      endedAt: instant.optional(),
      result: z.string().optional(),
      /** Adds, updates, deletes, joins, projections and so on. */
      counts: z.record(z.string(), z.int()),
      /** Why it ended as it did, where that is not success. */
      detail: z.string().optional(),
    }),
  ),
  /** Errors on single objects; the first hundred. */
  errors: z.array(
    z.strictObject({
      error: z.string(),
      dn: z.string(),
      detail: z.string().optional(),
      /** The object in the connector space; absent where it could not be staged. */
      connector: z.int().optional(),
    }),
  ),
});
export type Run = z.infer<typeof runSchema>;

export const agentRowSchema = z.strictObject({
  id: agentIdSchema,
  name: z.string(),
  kind: z.string(),
  description: z.string(),
  /** Domains whose changes start here. */
  sourceDomains: z.array(z.string()),
  /** Enable password management. */
  passwordManagement: z.boolean(),
  hold: z.boolean(),
  /** Shadow mode: changes are decided and reported, none is written. */
  shadow: z.boolean(),
  waiting: z.int(),
  parked: z.int(),
  oldestReceivedAt: instant.optional(),
  breaker: z.enum(['closed', 'open', 'half-open']),
  connectors: z.int(),
  joined: z.int(),
  lastRun: z
    .strictObject({ profile: z.string(), result: z.string().optional(), startedAt: instant })
    .optional(),
});
export type AgentRow = z.infer<typeof agentRowSchema>;

export const connectionStepSchema = z.strictObject({
  name: z.string(),
  ok: z.boolean(),
  ms: z.number(),
  detail: z.string().optional(),
  fix: z.string().optional(),
});

const one = z.strictObject({ agent: agentReferenceSchema });

/**
 * An agent that is configured, or one as it would be, with the password that is stored under its id. A draft names
 * servers and programs, so whoever gives one may as well configure it.
 */
const draftSchema: z.ZodType<Agent, AgentInput> = agentSchema;
const drafted = {
  agent: agentReferenceSchema.optional(),
  draft: draftSchema.optional(),
  /** What a draft signs in with; the password stored under its id where absent. */
  secret: secretInput(4096).optional(),
};
const isOne = ({ agent, draft }: { readonly agent?: unknown; readonly draft?: unknown }): boolean =>
  (agent === undefined) !== (draft === undefined);
const eitherWords = 'Name an agent or give a draft of one';

export const foundSchemaSchema = z.strictObject({
  objectTypes: z.array(z.string()),
  attributes: z.array(
    z.strictObject({
      name: z.string(),
      multivalued: z.boolean(),
      required: z.boolean(),
      anchor: z.boolean(),
      binary: z.boolean(),
    }),
  ),
  /** Tables and views of a database. */
  tables: z.array(z.string()),
  /** What the system cannot tell. */
  note: z.string().optional(),
});
export type FoundSchema = z.infer<typeof foundSchemaSchema>;

export const foundContainerSchema = z.strictObject({ dn: z.string(), name: z.string() });

export const agentsContract = defineContract({
  methods: {
    'agents.list': { access: 'browse', input: z.strictObject({}), output: z.array(agentRowSchema) },
    'agents.get': {
      access: 'browse',
      input: one,
      output: z.strictObject({ row: agentRowSchema, agent: agentSchema }),
    },
    'agents.test': {
      access: 'operate',
      input: one,
      output: z.strictObject({ ok: z.boolean(), steps: z.array(connectionStepSchema) }),
    },
    /** Refresh Schema: what the connected system can hold; of the types named, or of those that are usually imported. */
    'agents.schema': {
      access: 'administer',
      input: z
        .strictObject({ ...drafted, objectTypes: z.array(z.string().min(1).max(128)).max(64).default([]) })
        .refine(isOne, eitherWords),
      output: foundSchemaSchema,
    },
    /** The naming contexts of a directory. */
    'agents.partitions': {
      access: 'administer',
      input: z.strictObject(drafted).refine(isOne, eitherWords),
      output: z.array(foundContainerSchema),
    },
    /** The containers right below a name. */
    'agents.containers': {
      access: 'administer',
      input: z.strictObject({ ...drafted, dn: z.string().min(1).max(2048) }).refine(isOne, eitherWords),
      output: z.array(foundContainerSchema),
    },
    /** With `wait` it answers when the run has ended; cancelling the call leaves the run alone. */
    'agents.run': {
      access: 'operate',
      input: z.strictObject({
        agent: agentReferenceSchema,
        profile: z.string().trim().min(1).max(64),
        wait: z.boolean().default(false),
        /** Goes on with the step at which the profile's last run was stopped. */
        resume: z.boolean().default(false),
      }),
      output: runSchema,
    },
    'agents.stop': { access: 'operate', input: one, output: z.strictObject({ stopped: z.boolean() }) },
    /** Takes every object of the agent off its person and forgets it. Answers when that is done; `agents.stop` stops it. */
    'agents.deleteSpace': { access: 'administer', input: one, output: runSchema },
    /** The same, and then the agent itself with every list that names it. */
    'agents.delete': {
      access: 'administer',
      input: one,
      output: z.strictObject({ run: runSchema, revision: z.string() }),
    },
    'agents.runs': {
      access: 'browse',
      input: z.strictObject({
        agent: agentReferenceSchema.optional(),
        limit: z.int().min(1).max(1000).default(50),
      }),
      output: z.array(runSchema),
    },
  },
  topics: {
    'agents.changed': { access: 'browse', payload: z.strictObject({ agent: agentIdSchema.optional() }) },
    'agents.runChanged': { access: 'browse', payload: runSchema },
  },
});
