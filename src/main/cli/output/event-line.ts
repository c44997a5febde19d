import type { LoggedEvent } from '#shared/contract/events.ts';

import type { Paint } from './paint.ts';
import { formatTime } from './time-words.ts';

/** One event of a log on one line. */
export function formatEvent(
  { at, number, severity, message, account, trackingId }: LoggedEvent,
  paint: Paint,
): string {
  const colours = { error: 'red', warning: 'yellow', information: 'dim' } as const;
  const about = [account, trackingId].filter((part) => part !== undefined).join(' ');
  const tail = about === '' ? '' : `  ${paint('dim', about)}`;
  return `${formatTime(at)}  ${paint(colours[severity], severity.padEnd(11))}  ${number}  ${message}${tail}`;
}
