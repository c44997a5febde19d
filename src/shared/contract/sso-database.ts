import { z } from 'zod';

import { sharedDatabaseSchema } from '../model/shared-database.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';

const nothing = z.strictObject({});
const password = secretInput(1024).optional();

/** Where the credential database of this server is. What is set here counts from the next start of the service on. */
export const ssoDatabaseContract = defineContract({
  methods: {
    'sso.database': {
      access: 'use',
      input: nothing,
      output: z.strictObject({
        /** Absent where this server's own store keeps it. */
        shared: sharedDatabaseSchema.optional(),
        /** Whether the service works with what the configuration says. */
        isInUse: z.boolean(),
        /** Why it cannot be worked with at present. */
        problem: z.string().optional(),
        replayDirectory: z.string(),
      }),
    },
    /** Makes the tables, in a new database where the server has none of that name, and moves there what this server keeps. */
    'sso.createDatabase': {
      access: 'use',
      input: z.strictObject({ settings: sharedDatabaseSchema, password }),
      output: z.strictObject({ mappings: z.int(), credentials: z.int() }),
    },
    /** Brings the tables up to date; gives the steps that were lacking. */
    'sso.upgradeDatabase': {
      access: 'use',
      input: nothing,
      output: z.strictObject({ steps: z.array(z.string()) }),
    },
    /** Points this server at a database that is there, or with `null` at its own store. */
    'sso.setDatabase': {
      access: 'use',
      input: z.strictObject({ settings: sharedDatabaseSchema.nullable(), password }),
      output: nothing,
    },
    /** Folder of replay files; that of the data directory where absent. */
    'sso.setReplayDirectory': {
      access: 'use',
      input: z.strictObject({ directory: z.string().min(1).max(4096).optional() }),
      output: nothing,
    },
  },
  topics: {},
});
