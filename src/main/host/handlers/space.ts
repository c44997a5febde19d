import type { SpaceObject } from '#identity/connector-space.ts';
import type { Joiner } from '#identity/joiner.ts';
import { lineageOf } from '#identity/lineage.ts';
import type { Preview } from '#identity/preview.ts';
import type { SpaceObjectDetail, SpaceRow, spaceContract } from '#shared/contract/space.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';

import type { AgentNames } from '../agent-names.ts';
import type { StoreServices } from '../store-services.ts';
import { personNameOf } from './person-name.ts';
import { previewReply } from './preview-reply.ts';

/** Password changes of one object that are shown. */
const mostHistory = 100;

export interface SpaceHandlerParts {
  readonly names: AgentNames;
  readonly store: Pick<StoreServices, 'space' | 'search' | 'joins' | 'people' | 'changes'>;
  /** Throws `AppError` `unavailable` where no service runs. */
  readonly joiner: () => Joiner;
  /** The same. */
  readonly preview: (id: number, draft: Agent | undefined) => Promise<Preview>;
  /** Told when joins have changed. */
  readonly changed: () => void;
}

export function createSpaceHandlers(parts: SpaceHandlerParts): Handlers<typeof spaceContract> {
  const { names, store, joiner, preview, changed } = parts;
  return {
    'space.search': ({ agent, ...filter }) =>
      store.search
        .find({
          text: filter.text,
          states: filter.states,
          after: filter.after,
          limit: filter.limit,
          agent: names.resolve(agent).id,
        })
        .flatMap((id) => {
          const object = store.space.find(id);
          return object === undefined ? [] : [rowOf(object, names)];
        }),
    'space.get': ({ id }) => {
      const object = store.space.find(id);
      if (object === undefined)
        throw new AppError('not_found', `No object ${id} in a connector space`, { fix: 'Search again.' });
      return detailOf(object, parts);
    },
    'space.preview': async ({ id, draft }) => previewReply(await preview(id, draft), parts),
    'space.join': async ({ id, person }) => {
      await joiner().join(id, person);
      changed();
      return {};
    },
    'space.project': async ({ id }) => {
      const person = await joiner().project(id);
      changed();
      return { person };
    },
    'space.disconnect': async ({ id, explicit }) => {
      await joiner().disconnect(id, explicit ? 'explicit-disconnector' : 'disconnector');
      changed();
      return {};
    },
  };
}

function rowOf(object: SpaceObject, names: AgentNames): SpaceRow {
  const { id, agent, partition, dn, objectType, state, person, link, pending } = object;
  return {
    id,
    agent,
    agentName: names.nameOf(agent),
    partition,
    dn,
    objectType,
    state,
    ...(person === undefined ? {} : { person }),
    ...(link === undefined ? {} : { link }),
    ...(pending === undefined ? {} : { pending }),
  };
}

function detailOf(object: SpaceObject, { names, store }: SpaceHandlerParts): SpaceObjectDetail {
  const { space, people, joins, changes } = store;
  const lineage =
    object.person === undefined
      ? undefined
      : lineageOf(object.person, { rules: names.rules, space, metaverse: people });
  const stamps = joins.findConnector(object.agent, object.anchor);
  const personName = lineage && personNameOf(lineage.person);
  return {
    ...rowOf(object, names),
    anchor: object.anchor,
    ...(personName === undefined ? {} : { personName }),
    attributes: Object.fromEntries(
      Object.entries(object.attributes).map(([name, values]) => [name, [...values]]),
    ),
    contributes: (lineage?.attributes ?? [])
      .filter(({ connector }) => connector === object.id)
      .map(({ attribute }) => attribute),
    ...(stamps?.incoming === undefined ? {} : { incoming: stamps.incoming }),
    ...(stamps?.outgoing === undefined ? {} : { outgoing: stamps.outgoing }),
    history: changes.historyOfConnector(object.id, mostHistory).map(({ target, connector: _, ...entry }) => ({
      ...entry,
      agent: target,
      agentName: names.nameOf(target),
    })),
  };
}
