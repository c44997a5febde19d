import type { eventsContract } from '#shared/contract/events.ts';
import { findEvent } from '#shared/events/find-event.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { EventStore } from '#store/event-store.ts';

import type { AgentNames } from '../agent-names.ts';

export function createEventHandlers(names: AgentNames, events: EventStore): Handlers<typeof eventsContract> {
  return {
    'events.list': ({ agent, ...filter }) => [
      ...events.list({ ...filter, agent: agent === undefined ? undefined : names.resolve(agent).id }),
    ],
    'events.count': () => ({ count: events.count() }),
    'events.define': ({ number }) => {
      const definition = findEvent(number);
      if (definition !== undefined) return definition;
      throw new AppError('not_found', `No event ${number}`, {
        fix: 'Carillon uses 2001 to 6999 as its predecessors do, and 7001 to 7099.',
      });
    },
  };
}
