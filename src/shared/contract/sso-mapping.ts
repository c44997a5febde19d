import { z } from 'zod';

import { windowsAccountSchema } from '../model/sso-account.ts';
import { ssoNameSchema } from '../model/sso-application.ts';

export const ssoMappingSchema = z.strictObject({
  id: z.int(),
  application: z.string(),
  windowsAccount: z.string(),
  externalUser: z.string(),
  enabled: z.boolean(),
  disabledByAdministrator: z.boolean(),
});
export type SsoMapping = z.infer<typeof ssoMappingSchema>;

export const externalUserSchema = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}]+$/u, 'Has a control character');

export const mappingRequestSchema = z.strictObject({
  application: ssoNameSchema,
  windowsAccount: windowsAccountSchema,
  externalUser: externalUserSchema,
});
export const mappingReferenceSchema = z
  .strictObject({
    application: ssoNameSchema,
    windowsAccount: windowsAccountSchema.optional(),
    externalUser: externalUserSchema.optional(),
  })
  .refine(
    ({ windowsAccount, externalUser }) => windowsAccount !== undefined || externalUser !== undefined,
    'Needs the Windows account or the external user',
  );
