import type { TrackingId } from '#shared/model/change.ts';

/** One entry for the event log of the receiver. */
export interface ChannelEvent {
  readonly number: number;
  readonly at: number;
  /** The one sentence an operator reads. */
  readonly message: string;
  readonly trackingId?: TrackingId;
  readonly account?: string;
}
