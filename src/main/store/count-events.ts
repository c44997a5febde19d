import type { EventSeverity, EventSource } from '#shared/events/event-definition.ts';

import type { Database } from './database.ts';

/** How many events of a source the log holds since a moment, by severity. */
export function countEvents(
  database: Database,
  source: EventSource,
  since: number,
): Readonly<Record<EventSeverity, number>> {
  const rows = database.all<{ severity: EventSeverity; count: number }>(
    'SELECT severity, count(*) AS count FROM event WHERE source = ? AND at >= ? GROUP BY severity',
    source,
    since,
  );
  const counts = { information: 0, warning: 0, error: 0 };
  for (const { severity, count } of rows) counts[severity] = count;
  return counts;
}
