import { defineEvent } from '#shared/events/find-event.ts';
import type { AgentId, TrackingId } from '#shared/model/change.ts';
import type { PcnsTarget } from '#shared/model/pcns.ts';
import type { EventStore } from '#store/event-store.ts';

/** One entry of the domain controller's event log; `number` is PCNS' own where PCNS has one. */
export interface CaptureEvent {
  readonly number: number;
  /** The one sentence an operator reads: what happened to which object. */
  readonly message: string;
  readonly trackingId?: TrackingId;
  readonly account?: string;
  readonly target?: Pick<PcnsTarget, 'guid'>;
}

export type CaptureEventSink = (event: CaptureEvent) => void;

export interface EventLogOptions {
  readonly store: EventStore;
  readonly now: () => number;
  /** Writes one line to the journal. */
  readonly writeLine: (line: string) => void;
}

/** Writes events to the table that `carillon events` reads, and to the journal as one JSON document a line. */
export function createEventLog({ store, now, writeLine }: EventLogOptions): CaptureEventSink {
  return ({ number, message, trackingId, account, target }) => {
    const at = now();
    const { source, severity } = defineEvent(number);
    const subject = {
      ...(trackingId === undefined ? {} : { trackingId }),
      ...(account === undefined ? {} : { account }),
      ...(target === undefined ? {} : { agent: target.guid as AgentId }),
    };
    const entry = { at, number, source, severity, message, ...subject };
    writeLine(JSON.stringify({ ...entry, at: new Date(at).toISOString() }));
    store.append(entry).catch((error: unknown) => {
      // The journal has the event already, and a full disk must not end the service.
      writeLine(
        JSON.stringify({ severity: 'error', message: `The event log cannot be written: ${String(error)}` }),
      );
    });
  };
}
