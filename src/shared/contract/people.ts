import { z } from 'zod';

import { agentIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { instant } from './instant.ts';

export const stampSchema = z.strictObject({ committedAt: instant, version: z.int() });

export const connectorSchema = z.strictObject({
  id: z.int(),
  agent: agentIdSchema,
  agentName: z.string(),
  dn: z.string(),
  objectType: z.string(),
  /** Newest change that came in from this object, and newest that was written to it. */
  incoming: stampSchema.optional(),
  outgoing: stampSchema.optional(),
});

export const personSchema = z.strictObject({
  id: z.int(),
  objectType: z.string(),
  displayName: z.string().optional(),
  attributes: z.record(z.string(), z.array(z.string())),
  connectors: z.array(connectorSchema),
});
export type Person = z.infer<typeof personSchema>;

/** A person with where each of its attributes comes from. */
export const personDetailSchema = personSchema.extend({
  guid: z.string(),
  lineage: z.array(
    z.strictObject({
      attribute: z.string(),
      values: z.array(z.string()),
      agent: agentIdSchema,
      agentName: z.string(),
      /** Object that it comes from. */
      connector: z.int(),
    }),
  ),
});
export type PersonDetail = z.infer<typeof personDetailSchema>;

/** One attribute of the metaverse, by the rules that are configured. */
export const metaverseAttributeSchema = z.strictObject({
  name: z.string(),
  /** What flows into it, in the order of precedence. */
  flows: z.array(z.strictObject({ agent: agentIdSchema, agentName: z.string(), attribute: z.string() })),
  /** Agents whose join rules look for it. */
  joinedBy: z.array(z.string()),
});
export type MetaverseAttribute = z.infer<typeof metaverseAttributeSchema>;

/** What would happen to a change of this account now, target by target. */
export const explanationSchema = z.strictObject({
  account: z.string(),
  person: z.int().optional(),
  /** Why it would go nowhere at all. */
  refusal: z.strictObject({ event: z.int(), reason: z.string() }).optional(),
  targets: z.array(
    z.strictObject({
      agent: agentIdSchema,
      agentName: z.string(),
      dn: z.string().optional(),
      verdict: z.enum(['deliver', 'shadow', 'hold', 'refuse', 'nothing']),
      event: z.int().optional(),
      reason: z.string(),
    }),
  ),
});
export type Explanation = z.infer<typeof explanationSchema>;

export const peopleContract = defineContract({
  methods: {
    'people.search': {
      access: 'browse',
      input: z.strictObject({
        text: z.string().trim().min(1).max(256),
        limit: z.int().min(1).max(1000).default(50),
      }),
      output: z.array(personSchema),
    },
    'people.get': {
      access: 'browse',
      input: z.strictObject({ id: z.int().min(1) }),
      output: personDetailSchema,
    },
    /** What the metaverse consists of. */
    'people.schema': {
      access: 'browse',
      input: z.strictObject({}),
      output: z.strictObject({
        objectTypes: z.array(z.strictObject({ name: z.string(), count: z.int() })),
        attributes: z.array(metaverseAttributeSchema),
      }),
    },
    /** The account in NT4 form, or its name alone where one source has it. */
    'people.explain': {
      access: 'browse',
      input: z.strictObject({ account: z.string().trim().min(1).max(256) }),
      output: explanationSchema,
    },
  },
  topics: { 'people.changed': { access: 'browse', payload: z.strictObject({}) } },
});
