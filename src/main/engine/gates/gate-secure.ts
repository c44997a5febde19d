import type { Agent } from '#shared/model/agent.ts';

import type { PasswordTarget } from '../password-target.ts';
import { type GateVerdict, hold, pass } from './gate-verdict.ts';

/** Require secure connection for password synchronization operations; asked before anything is sent. */
export function gateSecure(agent: Agent, target: PasswordTarget): GateVerdict {
  if (target.secure || !agent.password.requireSecureConnection) return pass;
  return hold(`The connection to "${agent.name}" is not protected, and the agent requires it`);
}
