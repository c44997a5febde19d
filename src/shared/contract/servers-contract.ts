import { z } from 'zod';

import { serverHostSchema, serverPortSchema } from '../model/console-destination.ts';
import { defineContract } from '../rpc/contract.ts';
import { instant } from './instant.ts';

const place = { host: serverHostSchema, port: serverPortSchema };
const placeSchema = z.strictObject(place);

export const knownServerSchema = z.strictObject({
  ...place,
  /** Of the key that was compared and trusted; absent where an authority vouches for it. */
  fingerprint: z.string().optional(),
  usedAt: instant.optional(),
});
export type KnownServerRow = z.infer<typeof knownServerSchema>;

export const serverKeySchema = z.strictObject({
  fingerprint: z.string(),
  /** `unknown`: nobody has compared it yet. `changed`: another one was trusted before. */
  state: z.enum(['trusted', 'unknown', 'changed']),
  expected: z.string().optional(),
});
export type ServerKeyRow = z.infer<typeof serverKeySchema>;

/** The servers on other computers that the user of a console knows. */
export const serversContract = defineContract({
  methods: {
    /** Most recently used first. */
    'servers.list': { access: 'administer', input: z.strictObject({}), output: z.array(knownServerSchema) },
    /** Looks at the key of a server without signing in. */
    'servers.probe': { access: 'administer', input: placeSchema, output: serverKeySchema },
    'servers.trust': {
      access: 'administer',
      input: z.strictObject({ ...place, fingerprint: z.string().max(128) }),
      output: z.strictObject({}),
    },
    'servers.forget': { access: 'administer', input: placeSchema, output: z.strictObject({}) },
  },
  topics: {},
});
export type ServersContract = typeof serversContract;
