import { z } from 'zod';

import { type ExtensionAnswer, extensionAnswers } from './extension-error.ts';

/** Version of the protocol that this product speaks. */
export const protocolVersion = 1;

export const extensionFeatures = [
  'set',
  'change',
  'requireChange',
  'unlock',
  'verify',
  'schema',
  'import',
  'delta',
  'fetch',
  'export',
] as const;
export type ExtensionFeature = (typeof extensionFeatures)[number];

const name = z.string().min(1).max(256);
const text = z.string().max(1_048_576);

export const extensionObjectSchema = z.object({
  anchor: z.string().min(1).max(2048),
  /** Distinguished name; made of the anchor where absent. */
  dn: z.string().min(1).max(2048).optional(),
  type: name.optional(),
  attributes: z.record(name, z.union([text, z.array(text).max(100_000)])).default({}),
});
export type ExtensionObject = z.infer<typeof extensionObjectSchema>;

/** Any line of an extension: `ok` ends the answer to request `id`, everything else belongs to an import or export. */
export const extensionLineSchema = z.object({
  id: z.int(),
  ok: z.boolean().optional(),
  error: z
    .string()
    .transform((word): ExtensionAnswer => extensionAnswers.find((one) => one === word) ?? 'extension-error')
    .optional(),
  message: z.string().max(2000).optional(),
  object: z.unknown().optional(),
  deleted: z.object({ anchor: z.string().min(1).max(2048) }).optional(),
  result: z
    .object({
      anchor: z.string().min(1).max(2048),
      ok: z.boolean(),
      error: z.string().max(64).optional(),
      message: z.string().max(2000).optional(),
    })
    .optional(),
});
/** One line, with whatever else it holds unread. */
export type ExtensionLine = z.infer<typeof extensionLineSchema> & { readonly raw: unknown };

export const openReplySchema = z.object({
  version: z.literal(protocolVersion),
  features: z.array(z.string().max(64)).max(64),
});

export const securityReplySchema = z.object({ level: z.enum(['secure', 'not-secure']) });

export const verifyReplySchema = z.object({
  verdict: z.enum(['verified', 'rejected', 'not-possible']),
  reason: z.string().max(500).default('The extension gives no reason'),
});

export const schemaReplySchema = z.object({
  types: z
    .array(
      z.object({
        name,
        attributes: z
          .array(
            z.object({
              name,
              anchor: z.boolean().default(false),
              multivalued: z.boolean().default(false),
              required: z.boolean().default(false),
            }),
          )
          .max(10_000),
      }),
    )
    .max(1000),
});
export type ExtensionSchema = z.infer<typeof schemaReplySchema>;

export const importEndSchema = z.object({ watermark: z.string().max(65_536).optional() });

/** One change of an export. */
export interface ExtensionExport {
  readonly change: 'add' | 'update' | 'delete';
  readonly object: ExtensionObject;
}
