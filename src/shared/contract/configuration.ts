import { z } from 'zod';

import { configurationSchema } from '../model/configuration.ts';
import { defineContract } from '../rpc/contract.ts';

/** One mistake in a configuration, with the place, the allowed values and the fix. */
export const mistakeSchema = z.strictObject({
  severity: z.enum(['error', 'warning']),
  /** `agents[0].password.retryCount`; empty for the whole file. */
  path: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
  message: z.string(),
  /** What stands there, shortened. */
  found: z.string().optional(),
  /** Range, list or form of the allowed values, and the default. */
  allowed: z.string().optional(),
  fix: z.string(),
});
export type Mistake = z.infer<typeof mistakeSchema>;

/** One value in the configuration, by its path; without a value it is taken out. */
export const valueChangeSchema = z.strictObject({
  path: z
    .array(z.union([z.string().max(64), z.int().min(0)]))
    .min(1)
    .max(16),
  value: z.json().optional(),
});
export type ValueChange = z.infer<typeof valueChangeSchema>;

export const configurationContract = defineContract({
  methods: {
    'configuration.get': {
      access: 'browse',
      input: z.strictObject({}),
      output: z.strictObject({
        file: z.string(),
        revision: z.string(),
        /** The file as it was written. */
        text: z.string(),
        configuration: configurationSchema,
      }),
    },
    /** Checks a text without applying it. */
    'configuration.check': {
      access: 'browse',
      input: z.strictObject({ text: z.string().max(2_000_000) }),
      output: z.strictObject({ ok: z.boolean(), mistakes: z.array(mistakeSchema) }),
    },
    /**
     * Puts a configuration in force. `revision` is the one that the caller edited: `conflict` where another has
     * been applied since; `invalid_configuration` where it has an error, and then nothing changes.
     */
    'configuration.apply': {
      access: 'administer',
      input: z.strictObject({ text: z.string().max(2_000_000), revision: z.string() }),
      output: z.strictObject({ revision: z.string(), mistakes: z.array(mistakeSchema) }),
    },
    /**
     * Changes single values and leaves the rest of the file as somebody wrote it; all of them or none. Refuses like
     * `configuration.apply`.
     */
    'configuration.set': {
      access: 'administer',
      input: z.strictObject({ changes: z.array(valueChangeSchema).min(1).max(1000), revision: z.string() }),
      output: z.strictObject({ revision: z.string(), mistakes: z.array(mistakeSchema) }),
    },
    /** Reads the file again, as on SIGHUP. */
    'configuration.reload': {
      access: 'administer',
      input: z.strictObject({}),
      output: z.strictObject({
        revision: z.string(),
        changed: z.boolean(),
        mistakes: z.array(mistakeSchema),
      }),
    },
  },
  topics: {
    'configuration.changed': { access: 'browse', payload: z.strictObject({ revision: z.string() }) },
  },
});
