import type { eventsContract } from '#shared/contract/events.ts';
import { findEvent } from '#shared/events/find-event.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { EventStore } from '#store/event-store.ts';

import type { AgentNames } from '../agent-names.ts';

/** `stored` resolves when every event that was told so far is in the store: an answer leaves none of them out. */
export function createEventHandlers(
  names: Pick<AgentNames, 'resolve'>,
  events: EventStore,
  stored: () => Promise<void>,
): Handlers<typeof eventsContract> {
  return {
    'events.list': async ({ agent, ...filter }) => {
      const id = agent === undefined ? undefined : names.resolve(agent).id;
      await stored();
      return [...events.list({ ...filter, agent: id })];
    },
    'events.count': async () => {
      await stored();
      return { count: events.count() };
    },
    'events.define': ({ number }) => {
      const definition = findEvent(number);
      if (definition !== undefined) return definition;
      throw new AppError('not_found', `No event ${number}`, {
        fix: 'Carillon uses 2001 to 6999 as its predecessors do, and 7001 to 7099.',
      });
    },
  };
}
