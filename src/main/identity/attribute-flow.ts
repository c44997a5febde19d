import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import type { AttributeFlow, MetaverseRules } from '#shared/model/identity-rules.ts';
import { messageOf } from '#shared/model/message-of.ts';

import { type SpaceObject, valuesOf } from './connector-space.ts';
import type { Expressions } from './expressions.ts';
import type { Attributes } from './import-source.ts';
import type { Rules } from './rules.ts';

/** One attribute of a person and the connector that it comes from. */
export interface Contribution {
  readonly attribute: string;
  readonly values: readonly string[];
  readonly agent: AgentId;
  readonly connector: ConnectorId;
}

/** An expression that failed over one object: its attribute of the person stays as it was. */
export interface FlowFailure {
  readonly attribute: string;
  readonly object: SpaceObject;
  readonly detail: string;
}

/**
 * Import attribute flow: what each of a person's attributes is and where it comes from. An agent takes precedence as
 * the metaverse rules rank it for the attribute, else as the configuration lists it, as long as it has a value.
 */
export function contributionsOf(
  { agents, metaverse, expressions }: Rules,
  connectors: readonly SpaceObject[],
  failed: (failure: FlowFailure) => void = () => undefined,
): readonly Contribution[] {
  const contributions = new Map<string, Contribution>();
  for (const agent of agents) {
    for (const connector of connectors) {
      if (connector.agent !== agent.id) continue;
      for (const flow of agent.flow) {
        const key = flow.person.toLowerCase();
        const rival = contributions.get(key);
        if (rival !== undefined && !outranks(metaverse, key, agent.id, rival.agent)) continue;
        const values = readFlow(flow, connector, expressions, failed);
        if (values.length > 0)
          contributions.set(key, {
            attribute: flow.person,
            values,
            agent: agent.id,
            connector: connector.id,
          });
      }
    }
  }
  return [...contributions.values()];
}

/**
 * The attributes that a person has by import attribute flow, in the order of their names. Where an expression
 * fails, the person keeps what `before` holds: a mistake in a rule must not empty an attribute.
 */
export function flowAttributes(
  rules: Rules,
  connectors: readonly SpaceObject[],
  before: Attributes = {},
  failed: (failure: FlowFailure) => void = () => undefined,
): Attributes {
  const kept: Record<string, readonly string[]> = {};
  const contributions = contributionsOf(rules, connectors, (failure) => {
    const values = valuesOf(before, failure.attribute);
    if (values.length > 0) kept[failure.attribute] = values;
    failed(failure);
  });
  for (const { attribute, values } of contributions) kept[attribute] ??= values;
  const names = Object.keys(kept).sort();
  return Object.fromEntries(names.map((name) => [name, kept[name] ?? []]));
}

function readFlow(
  { connector: attribute, expression, person }: AttributeFlow,
  object: SpaceObject,
  expressions: Expressions,
  failed: (failure: FlowFailure) => void,
): readonly string[] {
  if (expression === undefined) return attribute === undefined ? [] : valuesOf(object.attributes, attribute);
  try {
    return expressions.compile(expression).values(object);
  } catch (error) {
    failed({
      attribute: person,
      object,
      detail: messageOf(error),
    });
    return [];
  }
}

/** Agents come in the configuration's order, so a later one wins only where the rules rank it higher. */
function outranks({ precedence }: MetaverseRules, key: string, agent: AgentId, rival: AgentId): boolean {
  const ranked = precedence.find(({ attribute }) => attribute.toLowerCase() === key)?.agents;
  if (ranked === undefined) return false;
  const rank = ranked.indexOf(agent);
  const other = ranked.indexOf(rival);
  return rank >= 0 && (other < 0 || rank < other);
}
