import type { eventsContract } from '#shared/contract/events.ts';
import type { EventDefinition } from '#shared/events/event-definition.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { EventStore } from '#store/event-store.ts';

import type { AgentNames } from '../agent-names.ts';

export type FindEvent = (number: number) => EventDefinition | undefined;

export function createEventHandlers(
  names: AgentNames,
  events: EventStore,
  find: FindEvent,
): Handlers<typeof eventsContract> {
  return {
    'events.list': ({ agent, ...filter }) => [
      ...events.list({ ...filter, agent: agent === undefined ? undefined : names.resolve(agent).id }),
    ],
    'events.define': ({ number }) => {
      const definition = find(number);
      if (definition !== undefined) return definition;
      throw new AppError('not_found', `No event ${number}`, { fix: 'Look into docs/events.md.' });
    },
  };
}
