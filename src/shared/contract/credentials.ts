import { z } from 'zod';

import { agentIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';
import { agentReferenceSchema } from './agents.ts';

const one = z.strictObject({ agent: agentReferenceSchema });

/** Passwords that agents sign in with. They go in and never come out. */
export const credentialsContract = defineContract({
  methods: {
    'credentials.set': {
      access: 'administer',
      input: z.strictObject({ agent: agentReferenceSchema, secret: secretInput(4096) }),
      output: z.strictObject({}),
    },
    'credentials.has': { access: 'browse', input: one, output: z.strictObject({ has: z.boolean() }) },
    'credentials.remove': {
      access: 'administer',
      input: one,
      output: z.strictObject({ removed: z.boolean() }),
    },
  },
  topics: {
    'credentials.changed': { access: 'browse', payload: z.strictObject({ agent: agentIdSchema }) },
  },
});
