import type { Column } from '#console/column.ts';
import { propertiesVerb } from '#console/properties-verb.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';

import type { NodeServices } from '../node-services.ts';
import { useEventLog } from './use-event-log.ts';

const severities = { information: 'Information', warning: 'Warning', error: 'Error' } as const;

const columns: readonly Column<LoggedEvent>[] = [
  { id: 'level', title: 'Level', width: 110, value: (event) => severities[event.severity] },
  { id: 'at', title: 'Date and time', width: 164, kind: 'time', value: (event) => event.at },
  { id: 'source', title: 'Source', width: 180, spare: true, value: (event) => event.source },
  {
    id: 'number',
    title: 'Event ID',
    width: 70,
    kind: 'number',
    value: (event) => event.number,
    text: (event) => String(event.number),
  },
  { id: 'account', title: 'Account', width: 150, spare: true, value: (event) => event.account },
  { id: 'message', title: 'Message', width: 460, value: (event) => event.message },
  { id: 'tracking', title: 'Tracking ID', width: 260, hidden: true, value: (event) => event.trackingId },
];

/** Events: the log by its numbers, with meaning, cause and fix. */
export function eventsNode({ session, openDialog }: NodeServices): ScopeNode {
  return {
    id: 'events',
    label: 'Events',
    icon: 'events',
    help: 'events',
    list: opaqueList<LoggedEvent>({
      columns,
      empty: { title: 'No events', hint: 'What happens to password changes is written here by its number.' },
      useRows: () => useEventLog(session),
      keyOf: (event) => String(event.id),
      iconOf: (event) => (event.severity === 'error' ? 'danger' : event.severity),
      verbsOf: ([event, ...others]) =>
        event === undefined || others.length > 0
          ? []
          : [
              propertiesVerb({
                id: 'event.properties',
                accessKey: 'r',
                run: async () => {
                  const [{ EventDialog }, meaning] = await Promise.all([
                    import('./EventDialog.tsx'),
                    session.client.call('events.define', { number: event.number }),
                  ]);
                  openDialog((close) => <EventDialog event={event} meaning={meaning} onClose={close} />);
                },
              }),
            ],
    }),
  };
}
