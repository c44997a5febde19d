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
  /** NT4 name, where the object lies in a partition that can be a password source. */
  account: z.string().optional(),
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

/** Operators of Metaverse Search, as Identity Manager has them. */
export const personOperatorSchema = z.enum([
  'equals',
  'contains',
  'does-not-contain',
  'is-present',
  'is-not-present',
  'starts-with',
  'ends-with',
]);
export type PersonOperator = z.infer<typeof personOperatorSchema>;

/** One condition of a search; text compares without regard to case. */
export const personClauseSchema = z
  .strictObject({
    attribute: z.string().trim().min(1, 'Name an attribute').max(256),
    operator: personOperatorSchema,
    /** Absent for `is-present` and `is-not-present`. */
    value: z.string().trim().min(1, 'Enter a value').max(512).optional(),
  })
  .refine(({ operator, value }) => operator.endsWith('present') === (value === undefined), {
    path: ['value'],
    message: 'Every operator but is-present and is-not-present compares with a value',
  });
export type PersonClause = z.infer<typeof personClauseSchema>;

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
    /** Persons that meet every clause, in the order that they were made in. */
    'people.find': {
      access: 'browse',
      input: z.strictObject({
        clauses: z.array(personClauseSchema).min(1).max(16),
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
