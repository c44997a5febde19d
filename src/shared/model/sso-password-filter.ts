import { z } from 'zod';

import { ssoNameSchema } from './sso-application.ts';

const oneCharacter = z
  .string()
  .refine((text) => [...text].length === 1, 'Is not one character')
  .refine((text) => !/\p{Cc}/u.test(text), 'Is a control character');

/** How a password is made fit for an external system, in this order. */
export const passwordFilterRulesSchema = z.strictObject({
  format: z.enum(['as-is', 'upper', 'lower']).default('as-is'),
  /** Remove these characters. */
  remove: z.string().max(256).default(''),
  substitute: z
    .array(z.strictObject({ from: oneCharacter, to: oneCharacter }))
    .max(256)
    .default([])
    .refine((pairs) => new Set(pairs.map(({ from }) => from)).size === pairs.length, {
      message: 'One character is substituted twice',
    }),
  maximumLength: z.int().min(1).max(1024).optional(),
  padding: z.enum(['beginning', 'end']).default('end'),
  minimumLength: z.int().min(1).max(1024).optional(),
  padCharacter: oneCharacter.optional(),
});
export type PasswordFilterRules = z.infer<typeof passwordFilterRulesSchema>;

export const ssoPasswordFilterSchema = z
  .strictObject({
    name: ssoNameSchema,
    description: z.string().max(1024).default(''),
    rules: passwordFilterRulesSchema.prefault({}),
  })
  .superRefine(({ rules: { minimumLength, maximumLength, padCharacter, remove } }, context) => {
    const issue = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: ['rules', path], message });
    if (minimumLength !== undefined && padCharacter === undefined)
      issue('padCharacter', 'A minimum length needs a pad character');
    if (minimumLength !== undefined && maximumLength !== undefined && minimumLength > maximumLength)
      issue('minimumLength', 'The minimum length is greater than the maximum length');
    if (padCharacter !== undefined && remove.includes(padCharacter))
      issue('padCharacter', 'The pad character is one that is removed');
  });
export type SsoPasswordFilter = z.infer<typeof ssoPasswordFilterSchema>;
