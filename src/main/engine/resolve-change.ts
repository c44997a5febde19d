import type { Agent } from '#shared/model/agent.ts';
import type { AgentId, CapturedChange } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';

import { findOrigin, type Origin } from './find-origin.ts';
import type { Connector, JoinTable } from './join-table.ts';

/** A target in the partition's list, with the person's objects there. */
export interface ResolvedTarget {
  readonly id: AgentId;
  /** Undefined where the list names an agent that the configuration lacks. */
  readonly agent: Agent | undefined;
  readonly connectors: readonly Connector[];
}

export interface Resolution {
  readonly origin: Origin | undefined;
  /** The object that changed. */
  readonly connector: Connector | undefined;
  readonly targets: readonly ResolvedTarget[];
}

/** Domain to agent, object, person and the person's objects in the partition's targets; look-ups only. */
export function resolveChange(
  configuration: Configuration,
  joins: JoinTable,
  { domain, objectGuid }: Pick<CapturedChange, 'domain' | 'objectGuid'>,
): Resolution {
  const origin = findOrigin(configuration, domain);
  if (origin === undefined) return { origin, connector: undefined, targets: [] };
  const connector = joins.findConnector(origin.agent.id, objectGuid.toLowerCase());
  const person = connector?.person;
  const joined = person === undefined ? [] : joins.connectorsOf(person);
  const targets = [...new Set(origin.source.targets)].map((id) => ({
    id,
    agent: configuration.agents.find((agent) => agent.id === id),
    connectors: joined.filter((other) => other.agent === id && other.id !== connector?.id),
  }));
  return { origin, connector, targets };
}
