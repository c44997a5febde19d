import { expect } from 'vitest';

import { noteRaised } from './raised-events.ts';

/** What a refusal under a number looks like to an assertion; the number counts as raised, for a test that misses it fails. */
export function refused(event: number): unknown {
  noteRaised(event);
  return expect.objectContaining({ event });
}
