import { lineageOf } from '#identity/lineage.ts';
import type { Person as MetaversePerson } from '#identity/metaverse.ts';
import type { Explanation, MetaverseAttribute, Person, peopleContract } from '#shared/contract/people.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { AgentNames } from '../agent-names.ts';
import type { StoreServices } from '../store-services.ts';
import { personNameOf } from './person-name.ts';

export interface PeopleHandlerParts {
  readonly names: AgentNames;
  readonly store: Pick<StoreServices, 'people' | 'joins' | 'space'>;
  readonly explain: (account: string) => Explanation;
}

export function createPeopleHandlers(parts: PeopleHandlerParts): Handlers<typeof peopleContract> {
  const { names, store, explain } = parts;
  return {
    'people.search': ({ text, limit }) =>
      store.people.search(text, limit).map((person) => toPerson(person, parts)),
    'people.get': ({ id }) => {
      const lineage = lineageOf(id, { rules: names.rules, space: store.space, metaverse: store.people });
      if (lineage === undefined)
        throw new AppError('not_found', `No person ${id}`, { fix: 'Search the metaverse again.' });
      return {
        ...toPerson(lineage.person, parts),
        guid: lineage.person.guid,
        lineage: lineage.attributes.map(({ values, ...contribution }) => ({
          ...contribution,
          values: [...values],
          agentName: names.nameOf(contribution.agent),
        })),
      };
    },
    'people.schema': () => ({
      objectTypes: [{ name: 'person', count: store.people.count() }],
      attributes: attributesOf(names.all),
    }),
    'people.explain': ({ account }) => explain(account),
  };
}

function toPerson(
  { id, objectType, attributes }: MetaversePerson,
  { names, store }: PeopleHandlerParts,
): Person {
  const displayName = personNameOf({ attributes });
  return {
    id,
    objectType,
    ...(displayName === undefined ? {} : { displayName }),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, [...values]])),
    connectors: store.joins.connectorsOf(id).map((connector) => ({
      id: connector.id,
      agent: connector.agent,
      agentName: names.nameOf(connector.agent),
      dn: connector.dn,
      objectType: connector.objectType,
      incoming: connector.incoming,
      outgoing: connector.outgoing,
    })),
  };
}

/** The attributes that rules write or look for, in the order of their names; names compare without regard to case. */
function attributesOf(agents: readonly Agent[]): MetaverseAttribute[] {
  const found = new Map<string, MetaverseAttribute>();
  const entry = (name: string): MetaverseAttribute => {
    const known = found.get(name.toLowerCase()) ?? { name, flows: [], joinedBy: [] };
    found.set(name.toLowerCase(), known);
    return known;
  };
  for (const { id, name, flow, join } of agents) {
    for (const { connector, expression, person } of flow)
      entry(person).flows.push({ agent: id, agentName: name, attribute: connector ?? expression ?? '' });
    for (const { person } of join.flatMap(({ mappings }) => mappings)) {
      const { joinedBy } = entry(person);
      if (!joinedBy.includes(name)) joinedBy.push(name);
    }
  }
  return [...found.values()].sort((left, right) => left.name.localeCompare(right.name));
}
