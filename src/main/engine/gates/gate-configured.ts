import type { Agent } from '#shared/model/agent.ts';

import type { PasswordTarget } from '../password-target.ts';
import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** There is a way to set passwords on the target. */
export function gateConfigured(agent: Agent, target: PasswordTarget | undefined): GateVerdict {
  if (target !== undefined) return pass;
  return refuse(6922, `Password management is not configured at "${agent.name}"`);
}
