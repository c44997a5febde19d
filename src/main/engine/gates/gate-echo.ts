import { isSameSequence } from '#shared/text/same-sequence.ts';

import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The password is none of those written to this object within the damping window. */
export function gateEcho(digest: Uint8Array, recent: readonly Uint8Array[]): GateVerdict {
  return recent.some((other) => isSameSequence(digest, other))
    ? refuse(7008, 'The password was written to this object a moment ago')
    : pass;
}
