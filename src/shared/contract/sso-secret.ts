import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';

const file = z.string().min(1).max(4096);
/** Longer than the rules let it be, so that the rules say what is wrong. */
const password = secretInput(4096);
const nothing = z.strictObject({});

/** The master secret, which seals every credential. Files are on the server's host. */
export const ssoSecretContract = defineContract({
  methods: {
    /** Makes a new one, writes its backup, and seals every credential with it in the background. */
    'sso.generateSecret': {
      access: 'use',
      input: z.strictObject({ file, password, reminder: z.string().max(4096).default('') }),
      output: z.strictObject({ current: z.int() }),
    },
    'sso.backUpSecret': {
      access: 'use',
      input: z.strictObject({ file, password, reminder: z.string().max(4096).default('') }),
      output: nothing,
    },
    'sso.restoreSecret': {
      access: 'use',
      input: z.strictObject({ file, password }),
      output: z.strictObject({ current: z.int() }),
    },
    /** Tries a backup without using it. */
    'sso.testSecret': {
      access: 'use',
      input: z.strictObject({ file, password }),
      output: z.strictObject({
        secrets: z.array(z.int()),
        hasCurrent: z.boolean(),
        /** Credentials that would not open after restoring it. */
        lost: z.int(),
      }),
    },
    'sso.secretReminder': {
      access: 'use',
      input: z.strictObject({ file }),
      output: z.strictObject({ reminder: z.string() }),
    },
    'sso.reencrypt': { access: 'use', input: nothing, output: nothing },
    'sso.cancelReencrypt': {
      access: 'use',
      input: nothing,
      output: z.strictObject({ wasRunning: z.boolean() }),
    },
  },
  topics: {},
});
