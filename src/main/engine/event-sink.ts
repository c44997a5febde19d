import type { AgentId, TrackingId } from '#shared/model/change.ts';

/** One entry for the event log; `number` is looked up in the catalogue for source, severity and meaning. */
export interface EngineEvent {
  readonly number: number;
  readonly at: number;
  /** The one sentence an operator reads: what happened to which object. */
  readonly message: string;
  readonly trackingId?: TrackingId;
  readonly account?: string;
  readonly agent?: AgentId;
}

export type EventSink = (event: EngineEvent) => void;
