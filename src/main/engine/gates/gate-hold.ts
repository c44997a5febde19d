import type { Agent } from '#shared/model/agent.ts';

import { type GateVerdict, hold, pass } from './gate-verdict.ts';

/** The target is not held by an administrator. */
export function gateHold(agent: Agent): GateVerdict {
  return agent.password.hold ? hold(`"${agent.name}" is held: its deliveries collect`) : pass;
}
