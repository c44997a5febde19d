import { z } from 'zod';

import { ssoNameSchema } from '../model/sso-application.ts';
import { nameRulesSchema } from '../model/sso-name-rules.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';
import { mappingReferenceSchema, mappingRequestSchema, ssoMappingSchema } from './sso-mapping.ts';

/** Mappings that one call takes. */
export const mostMappingsAtOnce = 5000;
/** As the file is called where it comes from, for messages. */
const file = z.string().min(1).max(255);
/** The longest file that one message carries. */
const text = z.string().max(4 * 1024 * 1024);

/** Set password: what the synchronized field of each mapping starts with. */
export const bulkPasswordSchema = z.discriminatedUnion('rule', [
  /** Same as external name. */
  z.strictObject({ rule: z.literal('external-name') }),
  /** Define from Windows user account. */
  z.strictObject({ rule: z.literal('windows-account'), rules: nameRulesSchema }),
  /** Fixed value. */
  z.strictObject({ rule: z.literal('fixed'), password: secretInput(1024) }),
]);
export type BulkPassword = z.infer<typeof bulkPasswordSchema>;

/** How one mapping of many went; `there`: it stood already just so. */
export const madeMappingSchema = z.strictObject({
  windowsAccount: z.string(),
  externalUser: z.string(),
  outcome: z.enum(['created', 'there', 'refused']),
  passwordSet: z.boolean(),
  problem: z.string().optional(),
});
export type MadeMapping = z.infer<typeof madeMappingSchema>;

const definitionKindSchema = z.enum(['applications', 'adapters']);

/** Many mappings at once, and the files of ssomanage and ssops for who has no command line on the server. */
export const ssoBulkContract = defineContract({
  methods: {
    /** All of them or none. */
    'sso.createMappings': {
      access: 'use',
      input: z.strictObject({
        mappings: z.array(mappingRequestSchema).min(1).max(mostMappingsAtOnce),
        enable: z.boolean().default(false),
        /** Only looks, and throws what would be thrown; nothing is written. */
        check: z.boolean().default(false),
      }),
      output: z.array(ssoMappingSchema),
    },
    /** All of them or none; each disabled before. */
    'sso.deleteMappings': {
      access: 'use',
      input: z.strictObject({
        mappings: z.array(mappingReferenceSchema).min(1).max(mostMappingsAtOnce),
        /** Only looks, as above. */
        check: z.boolean().default(false),
      }),
      output: z.strictObject({ deleted: z.int() }),
    },
    /**
     * Makes mappings one by one: a refused one holds up no other, and a second call goes on where the first ended.
     * Callers send many as several calls, so that they can show how far it is and stop.
     */
    'sso.makeMappings': {
      access: 'use',
      input: z.strictObject({
        application: ssoNameSchema,
        mappings: z
          .array(mappingRequestSchema.omit({ application: true }))
          .min(1)
          .max(500),
        enable: z.boolean().default(true),
        password: bulkPasswordSchema.optional(),
      }),
      output: z.array(madeMappingSchema),
    },
    /** Mappings of a file of `ssomanage -createmappings`; nothing is made of them. */
    'sso.readMappingFile': {
      access: 'use',
      input: z.strictObject({ file, text }),
      output: z.array(
        z.strictObject({ application: z.string(), windowsAccount: z.string(), externalUser: z.string() }),
      ),
    },
    /** What a file of `-createapps`, `-updateapps`, `ssops -create` or `-update` defines; nothing is made of it. */
    'sso.readDefinitionFile': {
      access: 'use',
      input: z.strictObject({ kind: definitionKindSchema, file, text }),
      output: z.strictObject({
        definitions: z.array(z.strictObject({ name: z.string(), values: z.record(z.string(), z.json()) })),
      }),
    },
  },
  topics: {},
});

export type DefinitionKind = z.infer<typeof definitionKindSchema>;
