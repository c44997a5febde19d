import { createPasswordTarget, type OpenPasswordTarget } from '#agents/password-target-of.ts';
import type { Agent } from '#shared/model/agent.ts';

/** Opens the target of an agent that nobody signs in for. */
export function targetWithoutSignIn(agent: Agent): OpenPasswordTarget {
  return createPasswordTarget(
    agent,
    () => Promise.reject(new Error('Nobody signs in')),
    async () => undefined,
  );
}
