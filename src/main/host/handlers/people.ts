import { valuesOf } from '#identity/connector-space.ts';
import type { Explanation, Person, peopleContract } from '#shared/contract/people.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { JoinTableStore } from '#store/join-table-store.ts';
import type { PersonStore } from '#store/person-store.ts';

import type { AgentNames } from '../agent-names.ts';

/** Attributes that name a person, best first. */
const nameAttributes = ['displayName', 'cn', 'name', 'accountName', 'sAMAccountName', 'uid', 'mail'];

export interface PeopleHandlerParts {
  readonly names: AgentNames;
  readonly people: PersonStore;
  readonly joins: JoinTableStore;
  readonly explain: (account: string) => Explanation;
}

export function createPeopleHandlers({
  names,
  people,
  joins,
  explain,
}: PeopleHandlerParts): Handlers<typeof peopleContract> {
  return {
    'people.search': ({ text, limit }) =>
      people.search(text, limit).map(({ id, objectType, attributes }): Person => {
        const displayName = nameAttributes.map((name) => valuesOf(attributes, name)[0]).find(Boolean);
        return {
          id,
          objectType,
          ...(displayName === undefined ? {} : { displayName }),
          attributes: Object.fromEntries(
            Object.entries(attributes).map(([name, values]) => [name, [...values]]),
          ),
          connectors: joins.connectorsOf(id).map((connector) => ({
            id: connector.id,
            agent: connector.agent,
            agentName: names.nameOf(connector.agent),
            dn: connector.dn,
            objectType: connector.objectType,
            incoming: connector.incoming,
            outgoing: connector.outgoing,
          })),
        };
      }),
    'people.explain': ({ account }) => explain(account),
  };
}
