import { z } from 'zod';

import { columnNameSchema } from './agent-column.ts';
import { attributesIn } from './attributes-in.ts';
import { agentIdSchema } from './change.ts';

/** A rule in the Common Expression Language, over `object`, `values`, `dn` and `objectType`. */
export const expressionSchema = z.string().trim().min(1).max(2000);

export const filterOperatorSchema = z.enum([
  'equals',
  'does-not-equal',
  'starts-with',
  'does-not-start-with',
  'ends-with',
  'does-not-end-with',
  'contains',
  'does-not-contain',
  'is-present',
  'is-not-present',
]);
export type FilterOperator = z.infer<typeof filterOperatorSchema>;

/** One condition of a connector filter; text compares without regard to case. */
export const filterConditionSchema = z
  .strictObject({
    attribute: columnNameSchema,
    operator: filterOperatorSchema,
    /** What the attribute's values are compared with; absent for `is-present` and `is-not-present`. */
    value: z.string().max(1024).optional(),
  })
  .refine(({ operator, value }) => operator.endsWith('present') === (value === undefined), {
    path: ['value'],
    message: 'Every operator but is-present and is-not-present compares with a value',
  });
export type FilterCondition = z.infer<typeof filterConditionSchema>;

/** Configure Connector Filter: an object that meets every condition of one rule stays out of the metaverse. */
export const filterRuleSchema = z.strictObject({ conditions: z.array(filterConditionSchema).min(1).max(16) });
export type FilterRule = z.infer<typeof filterRuleSchema>;

/** Import attribute flow: an attribute as it stands, or what an expression makes of the object. */
export const attributeFlowSchema = z
  .strictObject({
    connector: columnNameSchema.optional(),
    expression: expressionSchema.optional(),
    person: columnNameSchema,
  })
  .refine(({ connector, expression }) => (connector === undefined) !== (expression === undefined), {
    message: 'Name either the connector attribute or an expression',
  });
export type AttributeFlow = z.infer<typeof attributeFlowSchema>;

/** Export attribute flow: where an attribute of an object comes from. */
export const exportFlowSchema = z
  .strictObject({
    person: columnNameSchema.optional(),
    expression: expressionSchema.optional(),
    connector: columnNameSchema,
    /** Initial Flow Only: written when the object is made, left alone afterwards. */
    initialOnly: z.boolean().default(false),
    /** Allow Null: empties the attribute where the person has no value. */
    allowNull: z.boolean().default(false),
  })
  .refine(({ person, expression }) => (person === undefined) !== (expression === undefined), {
    message: 'Name either the person attribute or an expression',
  });
export type ExportFlow = z.infer<typeof exportFlowSchema>;

/** Provisioning: which persons get an object in this agent, and what it is called. */
export const provisioningSchema = z.strictObject({
  /** Persons that it holds for have an object here; all of them where absent. */
  when: expressionSchema.optional(),
  /** Gives the distinguished name, for example `"uid=" + object.uid + ",ou=people,dc=fabrikam,dc=lab"`. */
  dn: expressionSchema,
  objectClasses: z.array(z.string().min(1).max(128)).min(1).max(16),
});
export type Provisioning = z.infer<typeof provisioningSchema>;

/** Configure Deprovisioning: what becomes of an object that is taken off its person. */
export const deprovisionSchema = z.enum(['disconnector', 'explicit-disconnector', 'delete']);
export type Deprovision = z.infer<typeof deprovisionSchema>;

/** What every agent's rules hold beside join and projection. */
export const identityRuleShape = {
  filter: z.array(filterRuleSchema).max(64).default([]),
  /** Import attribute flow. */
  flow: z.array(attributeFlowSchema).default([]),
  exportFlow: z.array(exportFlowSchema).default([]),
  provision: provisioningSchema.optional(),
  deprovision: deprovisionSchema.default('disconnector'),
};

/** When a person is deleted: with the last connector, or with one of these agents'. */
export const deletionRuleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('last-connector') }),
  z.strictObject({ kind: z.literal('any-of'), agents: z.array(agentIdSchema).min(1) }),
]);

/** What the Metaverse Designer sets. */
export const metaverseRulesSchema = z.strictObject({
  /** Import flow precedence: agents first to last; those not named come after, in their own order. */
  precedence: z
    .array(z.strictObject({ attribute: columnNameSchema, agents: z.array(agentIdSchema).min(1) }))
    .default([]),
  deletionRule: deletionRuleSchema.default({ kind: 'last-connector' }),
});
export type MetaverseRules = z.infer<typeof metaverseRulesSchema>;

interface ReadingRules {
  readonly join: readonly { readonly mappings: readonly { readonly connector: string }[] }[];
  readonly filter: readonly FilterRule[];
  readonly flow: readonly AttributeFlow[];
  readonly exportFlow: readonly ExportFlow[];
}

/** The connector attributes that an agent's rules read, so that its import brings them. */
export function attributesRead({ join, filter, flow, exportFlow }: ReadingRules): readonly string[] {
  const names = [
    ...join.flatMap(({ mappings }) => mappings.map(({ connector }) => connector)),
    ...filter.flatMap(({ conditions }) => conditions.map(({ attribute }) => attribute)),
    ...flow.flatMap(({ connector, expression }) => [
      ...(connector === undefined ? [] : [connector]),
      ...attributesIn(expression ?? ''),
    ]),
    ...exportFlow.map(({ connector }) => connector),
  ];
  return [...new Set(names)];
}
