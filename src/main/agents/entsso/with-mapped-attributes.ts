import type { Agent } from '#shared/model/agent.ts';

/** An agent whose import also brings what the ENTSSO.xml of others takes external user ids from. */
export function withMappedAttributes<A extends Agent>(agent: A, agents: readonly Agent[]): A {
  const names = agents.flatMap((one) => (one.kind === 'entsso' ? externalNames(one.mappings, agent.id) : []));
  if (names.length === 0) return agent;
  const flow = names.map((name) => ({ connector: name, person: name }));
  return { ...agent, flow: [...agent.flow, ...flow] };
}

function externalNames(
  mappings: Extract<Agent, { kind: 'entsso' }>['mappings'],
  id: Agent['id'],
): readonly string[] {
  if (!mappings?.applications.some(({ source }) => source === id)) return [];
  return [mappings.sources.find(({ agent }) => agent === id)?.attribute ?? 'uid'];
}
