import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';
import { mistakeSchema } from './configuration.ts';

/** ENTSSO.xml: the one file that says for all agents of single sign-on whose mappings they make. */
export const entssoContract = defineContract({
  methods: {
    'entsso.read': {
      access: 'browse',
      input: z.strictObject({}),
      output: z.strictObject({ text: z.string(), revision: z.string() }),
    },
    /** Throws `invalid_input` naming the element that does not hold; nothing is changed then, nor with `checkOnly`. */
    'entsso.write': {
      access: 'administer',
      input: z.strictObject({
        text: z.string().max(1_000_000),
        revision: z.string(),
        checkOnly: z.boolean().default(false),
      }),
      output: z.strictObject({
        revision: z.string(),
        /** Names of the agents that have mappings now. */
        agents: z.array(z.string()),
        mistakes: z.array(mistakeSchema),
      }),
    },
  },
  topics: {},
});
