import type { EventEntry, EventSeverity } from './event-definition.ts';

/** A definition on a few lines, for long lists: number, severity, title, meaning, cause, fix. */
export type EventRow = readonly [
  number: number,
  severity: EventSeverity,
  title: string,
  meaning: string,
  cause: string,
  fix: string,
];

export function readEventRows(rows: readonly EventRow[]): readonly EventEntry[] {
  return rows.map(([number, severity, title, meaning, cause, fix]) => ({
    number,
    severity,
    title,
    meaning,
    cause,
    fix,
  }));
}
