import type { Connector } from '#engine/join-table.ts';
import type { Agent } from '#shared/model/agent.ts';

/** An account of an agent whose objects have an anchor for a name. */
export function accountOf(agent: Agent, anchor: string): Connector {
  const at = { id: 1, agent: agent.id, partition: 'OU=default', objectType: 'person' };
  return {
    ...at,
    dn: `CN=${anchor},OU=default`,
    anchor,
    person: undefined,
    incoming: undefined,
    outgoing: undefined,
  };
}
