import type { Agent } from '#shared/model/agent.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';

import { type SpaceObject, valuesOf } from './connector-space.ts';
import type { Attributes } from './import-source.ts';

/** One attribute of a person and the connector that it comes from. */
export interface Contribution {
  readonly attribute: string;
  readonly values: readonly string[];
  readonly agent: AgentId;
  readonly connector: ConnectorId;
}

/**
 * Import attribute flow: what each of a person's attributes is and where it comes from. An earlier agent in the
 * configuration takes precedence over a later one, as long as it has a value.
 */
export function contributionsOf(
  agents: readonly Agent[],
  connectors: readonly SpaceObject[],
): readonly Contribution[] {
  const contributions = new Map<string, Contribution>();
  for (const agent of agents) {
    for (const connector of connectors) {
      if (connector.agent !== agent.id) continue;
      for (const flow of agent.flow) {
        const key = flow.person.toLowerCase();
        if (contributions.has(key)) continue;
        const values = valuesOf(connector.attributes, flow.connector);
        if (values.length === 0) continue;
        contributions.set(key, { attribute: flow.person, values, agent: agent.id, connector: connector.id });
      }
    }
  }
  return [...contributions.values()];
}

/** The attributes that a person has by import attribute flow, in the order of their names. */
export function flowAttributes(agents: readonly Agent[], connectors: readonly SpaceObject[]): Attributes {
  const sorted = [...contributionsOf(agents, connectors)].sort((one, other) =>
    one.attribute < other.attribute ? -1 : 1,
  );
  return Object.fromEntries(sorted.map(({ attribute, values }) => [attribute, values]));
}
