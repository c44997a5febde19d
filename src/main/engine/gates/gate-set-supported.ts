import type { Agent } from '#shared/model/agent.ts';

import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The target supports the set operation, the only one that synchronization uses. */
export function gateSetSupported(agent: Agent): GateVerdict {
  return agent.password.operations === 'change'
    ? refuse(6928, `"${agent.name}" supports the change of passwords only, not the set operation`)
    : pass;
}
