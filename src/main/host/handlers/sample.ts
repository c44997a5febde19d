import type { sampleContract } from '#shared/contract/sample.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { SampleDesk } from '../sample/sample-desk.ts';

export function createSampleHandlers(desk: () => SampleDesk): Handlers<typeof sampleContract> {
  return {
    'sample.state': () => desk().state(),
    'sample.setUp': () => desk().setUp(),
    'sample.setPassword': async ({ person, secret }) => ({
      trackingId: await desk().setPassword(person, secret),
    }),
    'sample.remove': () => desk().remove(),
  };
}
