import { needsCredential } from '#shared/model/agent.ts';

import type { AgentNames } from '../agent-names.ts';

/** Which secrets are there, by what they belong to: an agent signs in with a password, or has one stored. */
export function secretOwners(
  names: AgentNames,
  has: (name: string) => boolean,
): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    names.all.flatMap((agent): [string, boolean][] => {
      const there = has(agent.id);
      return there || needsCredential(agent) ? [[`agents/${agent.id}`, there]] : [];
    }),
  );
}
