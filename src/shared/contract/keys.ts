import { z } from 'zod';

import { keyKeeperSchema } from '../model/configuration.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';
import { instant } from './instant.ts';

export const keysStatusSchema = z.strictObject({
  keeper: z.string(),
  /** Version that seals new secrets. */
  current: z.int(),
  versions: z.array(z.strictObject({ version: z.int(), createdAt: instant.optional() })),
  lastBackupAt: instant.optional(),
});
export type KeysStatus = z.infer<typeof keysStatusSchema>;

export const keysContract = defineContract({
  methods: {
    'keys.status': { access: 'browse', input: z.strictObject({}), output: keysStatusSchema },
    /** Makes a new key and seals everything anew with it. */
    'keys.rotate': {
      access: 'administer',
      input: z.strictObject({}),
      output: z.strictObject({ version: z.int(), resealed: z.int() }),
    },
    /** Puts the key that locks the vault into another keeping, and says so in the configuration. */
    'keys.move': {
      access: 'administer',
      input: z.strictObject({ keeper: keyKeeperSchema }),
      output: z.strictObject({ keeper: z.string(), place: z.string() }),
    },
    /** Writes the keys to a file, sealed with a passphrase of at least 12 bytes. */
    'keys.backup': {
      access: 'administer',
      input: z.strictObject({ file: z.string().min(1).max(4096), passphrase: secretInput(1024) }),
      output: z.strictObject({ file: z.string() }),
    },
  },
  topics: { 'keys.changed': { access: 'browse', payload: z.strictObject({}) } },
});
