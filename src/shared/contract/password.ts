import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';
import { agentReferenceSchema } from './agents.ts';

const applied = z.strictObject({ revision: z.string() });
const one = z.strictObject({ agent: agentReferenceSchema });

/** The switches of password synchronization; each is written to the configuration. */
export const passwordContract = defineContract({
  methods: {
    /** Enable Password Synchronization. */
    'password.enableSync': { access: 'administer', input: z.strictObject({}), output: applied },
    'password.disableSync': { access: 'administer', input: z.strictObject({}), output: applied },
    /** Collects a target's deliveries without sending any. */
    'password.hold': { access: 'operate', input: one, output: applied },
    /** Sends what was collected. */
    'password.resume': { access: 'operate', input: one, output: applied },
    /** Back to shadow: changes for the target are decided and reported, and none is written. */
    'password.shadow': { access: 'operate', input: one, output: applied },
    /** Switch to live: changes for the target are written from now on, waiting ones included. */
    'password.live': { access: 'administer', input: one, output: applied },
  },
  topics: {},
});
