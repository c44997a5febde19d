import type { EventEntry, EventSeverity } from './event-definition.ts';

/** A definition on a few lines, for long lists: number, severity, title, meaning, cause, fix, and why nothing raises it where that is so. */
export type EventRow = readonly [
  number: number,
  severity: EventSeverity,
  title: string,
  meaning: string,
  cause: string,
  fix: string,
  unraised?: string,
];

export function readEventRows(rows: readonly EventRow[]): readonly EventEntry[] {
  return rows.map(([number, severity, title, meaning, cause, fix, unraised]) => ({
    number,
    severity,
    title,
    meaning,
    cause,
    fix,
    ...(unraised === undefined ? {} : { unraised }),
  }));
}
