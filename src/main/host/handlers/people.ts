import { valuesOf } from '#identity/connector-space.ts';
import { lineageOf } from '#identity/lineage.ts';
import type { Person as MetaversePerson } from '#identity/metaverse.ts';
import type { Rules } from '#identity/rules.ts';
import type { Explanation, MetaverseAttribute, Person, peopleContract } from '#shared/contract/people.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import { accountAttribute } from '#store/connector-value-index.ts';

import type { AgentNames } from '../agent-names.ts';
import type { StoreServices } from '../store-services.ts';
import { personNameOf } from './person-name.ts';

export interface PeopleHandlerParts {
  readonly names: AgentNames;
  readonly store: Pick<StoreServices, 'people' | 'personSearch' | 'joins' | 'space'>;
  readonly explain: (account: string) => Explanation;
}

export function createPeopleHandlers(parts: PeopleHandlerParts): Handlers<typeof peopleContract> {
  const { names, store, explain } = parts;
  return {
    'people.search': ({ text, limit }) =>
      store.people.search(text, limit).map((person) => toPerson(person, parts)),
    'people.find': ({ clauses, limit }) =>
      store.personSearch.find(clauses, limit).flatMap((id) => {
        const person = store.people.find(id);
        return person === undefined ? [] : [toPerson(person, parts)];
      }),
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
      attributes: attributesOf(names.rules),
    }),
    'people.explain': ({ account }) => explain(account),
  };
}

/** NT4 name of an object that lies in a partition with a domain. */
function accountOf(
  { id, agent }: { readonly id: ConnectorId; readonly agent: AgentId },
  { names, store }: Pick<PeopleHandlerParts, 'names' | 'store'>,
): string | undefined {
  const owner = names.all.find((one) => one.id === agent);
  const partitions = owner?.partitions ?? [];
  if (owner === undefined || partitions.every(({ passwordSource }) => passwordSource === undefined))
    return undefined;
  const object = store.space.find(id);
  const source = partitions.find(({ dn }) => dn === object?.partition)?.passwordSource;
  const [name] = object === undefined ? [] : valuesOf(object.attributes, accountAttribute(owner));
  return source === undefined || name === undefined ? undefined : `${source.domain}\\${name}`;
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
      account: accountOf(connector, { names, store }),
      incoming: connector.incoming,
      outgoing: connector.outgoing,
    })),
  };
}

/** The attributes that rules write or look for, in the order of their names; names compare without regard to case. */
function attributesOf({ agents, metaverse }: Rules): MetaverseAttribute[] {
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
  for (const { attribute, agents: ranked } of metaverse.precedence) {
    const rank = ({ agent }: { readonly agent: AgentId }): number =>
      ranked.includes(agent) ? ranked.indexOf(agent) : ranked.length;
    found.get(attribute.toLowerCase())?.flows.sort((left, right) => rank(left) - rank(right));
  }
  return [...found.values()].sort((left, right) => left.name.localeCompare(right.name));
}
