import { z } from 'zod';

import { agentSchema } from '../model/agent.ts';
import { agentIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { agentReferenceSchema } from './agents.ts';
import { historyRowSchema } from './changes.ts';
import { stampSchema } from './people.ts';

export const connectorStateSchema = z.enum([
  'connector',
  'disconnector',
  'explicit-disconnector',
  'filtered',
]);

/** One object of a connector space. */
export const spaceRowSchema = z.strictObject({
  id: z.int(),
  agent: agentIdSchema,
  agentName: z.string(),
  partition: z.string(),
  dn: z.string(),
  objectType: z.string(),
  state: connectorStateSchema,
  person: z.int().optional(),
  /** What tied it to its person: a join rule, a projection, an administrator. */
  link: z.string().optional(),
  /** What synchronization has still to do with it. */
  pending: z.string().optional(),
});
export type SpaceRow = z.infer<typeof spaceRowSchema>;

export const spaceObjectSchema = spaceRowSchema.extend({
  anchor: z.string(),
  personName: z.string().optional(),
  attributes: z.record(z.string(), z.array(z.string())),
  /** Attributes of its person that come from this object. */
  contributes: z.array(z.string()),
  /** Newest change that came in from it, and newest that was written to it. */
  incoming: stampSchema.optional(),
  outgoing: stampSchema.optional(),
  /** What was written to it, newest first. */
  history: z.array(historyRowSchema),
});
export type SpaceObjectDetail = z.infer<typeof spaceObjectSchema>;

const attributesSchema = z.record(z.string(), z.array(z.string()));

/** A write to a directory that would wait for the next export run. */
const previewedExportSchema = z.strictObject({
  agent: agentIdSchema,
  agentName: z.string(),
  operation: z.enum(['add', 'update', 'delete']),
  /** The object's name, or the one that it would get. */
  dn: z.string(),
  changes: attributesSchema,
});

/** What a synchronization would make of one object; nothing of it has happened. */
export const previewSchema = z.strictObject({
  dn: z.string(),
  stateBefore: connectorStateSchema,
  /** Absent where the object itself would go. */
  stateAfter: connectorStateSchema.optional(),
  link: z.string().optional(),
  personBefore: attributesSchema,
  personAfter: attributesSchema,
  staged: z.array(previewedExportSchema),
  dropped: z.array(previewedExportSchema),
  errors: z.array(z.strictObject({ error: z.string(), dn: z.string(), detail: z.string() })),
  /** Counters of Identity Manager that are not zero. */
  counts: z.record(z.string(), z.int()),
});
export type SpacePreview = z.infer<typeof previewSchema>;

const one = z.strictObject({ id: z.int().min(1) });
const nothing = z.strictObject({});

/** Connector spaces, and the joins that an administrator makes and breaks by hand. */
export const spaceContract = defineContract({
  methods: {
    /** In the order of their names, behind the object `after`. */
    'space.search': {
      access: 'browse',
      input: z.strictObject({
        agent: agentReferenceSchema,
        /** Part of the distinguished name. */
        text: z.string().max(256).default(''),
        states: z.array(connectorStateSchema).min(1).optional(),
        after: z.int().min(1).optional(),
        limit: z.int().min(1).max(1000).default(200),
      }),
      output: z.array(spaceRowSchema),
    },
    /** Runs the synchronization of one object and undoes it; `draft` is tried in place of the saved agent. */
    'space.preview': {
      access: 'operate',
      input: z.strictObject({ id: z.int().min(1), draft: agentSchema.optional() }),
      output: previewSchema,
    },
    'space.get': { access: 'browse', input: one, output: spaceObjectSchema },
    /** Ties an object to a person; the join rules leave it there from then on. */
    'space.join': {
      access: 'operate',
      input: z.strictObject({ id: z.int().min(1), person: z.int().min(1) }),
      output: nothing,
    },
    /** Makes a person of an object that has none. */
    'space.project': { access: 'operate', input: one, output: z.strictObject({ person: z.int() }) },
    /** Takes an object off its person; the join rules leave an explicit disconnector alone. */
    'space.disconnect': {
      access: 'operate',
      input: z.strictObject({ id: z.int().min(1), explicit: z.boolean().default(false) }),
      output: nothing,
    },
  },
  topics: {},
});
