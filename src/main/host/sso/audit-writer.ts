import type { EngineEvent } from '#engine/event-sink.ts';
import { defineEvent } from '#shared/events/find-event.ts';
import type { TrackingId } from '#shared/model/change.ts';
import type { AuditLevel } from '#shared/model/single-sign-on.ts';
import type { AuditEntry, AuditSink, SsoClock, SsoSettings } from '#sso/ports.ts';
import type { SsoAuditTrail } from '#store/sso-audit-trail.ts';

const ranks: Readonly<Record<AuditLevel, number>> = { none: 0, low: 1, medium: 2, high: 3 };

export interface AuditWriterParts {
  readonly trail: SsoAuditTrail;
  readonly clock: SsoClock;
  readonly settings: () => SsoSettings;
  readonly record: (event: EngineEvent) => void;
}

/** Takes an entry to its audit table always, and to the event log as far as the levels of this server ask for it. */
export function createAuditWriter({ trail, clock, settings, record }: AuditWriterParts): AuditSink {
  function isTold({ event, level }: AuditEntry): boolean {
    const { server } = settings();
    if (level === undefined) return true;
    const isSuccess = defineEvent(event).severity === 'information';
    const wanted = isSuccess ? (server?.positiveAuditLevel ?? 'none') : (server?.negativeAuditLevel ?? 'low');
    return level <= ranks[wanted];
  }
  return {
    async record(entry) {
      const { event, message, trackingId, windowsAccount, table, level: _, ...named } = entry;
      const at = clock.now();
      if (isTold(entry))
        record({
          number: event,
          at,
          message,
          ...(trackingId === undefined ? {} : { trackingId: trackingId as TrackingId }),
          ...(windowsAccount === undefined ? {} : { account: windowsAccount }),
        });
      if (table !== undefined)
        await trail.append(table, { at, event, message, trackingId, windowsAccount, ...named });
    },
  };
}
