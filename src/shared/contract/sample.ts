import { z } from 'zod';

import { trackingIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';

const nothing = z.strictObject({});

export const sampleStateSchema = z.strictObject({
  /** `possible`: nothing is connected yet; `in-the-way`: other agents are; `ready`: it is set up. */
  state: z.enum(['possible', 'in-the-way', 'ready']),
  /** Where its files and its database lie. */
  folder: z.string(),
  /** Whose passwords can be set. */
  people: z.array(z.strictObject({ id: z.guid(), name: z.string() })),
  /** Names of the systems that a password arrives in. */
  targets: z.array(z.string()),
});
export type SampleState = z.infer<typeof sampleStateSchema>;

/** "Try it here": a sample company in files and a database, which needs no server. */
export const sampleContract = defineContract({
  methods: {
    'sample.state': { access: 'browse', input: nothing, output: sampleStateSchema },
    /** Writes the files, adds the agents, imports and joins. Refused with `conflict` where other agents are. */
    'sample.setUp': { access: 'administer', input: nothing, output: sampleStateSchema },
    /** A password as if the person had changed it; `changes.trace` shows where it arrives. */
    'sample.setPassword': {
      access: 'administer',
      input: z.strictObject({ person: z.guid(), secret: secretInput(1024) }),
      output: z.strictObject({ trackingId: trackingIdSchema }),
    },
    /** Takes the agents and the files away again. */
    'sample.remove': { access: 'administer', input: nothing, output: sampleStateSchema },
  },
  topics: {},
});
