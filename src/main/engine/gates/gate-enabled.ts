import type { Agent } from '#shared/model/agent.ts';

import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** Enable password management at the target. */
export function gateEnabled(agent: Agent): GateVerdict {
  return agent.password.enabled ? pass : refuse(6921, `Password management is off at "${agent.name}"`);
}
