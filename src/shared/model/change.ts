import { z } from 'zod';

import type { PasswordFailureWord } from './password-failure.ts';

export const trackingIdSchema = z.guid().brand<'TrackingId'>();
/** Follows one change through every hop, log line and screen. */
export type TrackingId = z.infer<typeof trackingIdSchema>;

export const agentIdSchema = z.guid().brand<'AgentId'>();
export type AgentId = z.infer<typeof agentIdSchema>;

/** Row number of a connector-space object. */
export type ConnectorId = number;
/** Row number of a metaverse object. */
export type PersonId = number;

/** Orders the changes of one account: commit time first, then the directory's own key version. */
export interface ChangeStamp {
  /** pwdLastSet, in milliseconds since 1970 UTC. */
  readonly committedAt: number;
  /** msDS-KeyVersionNumber after the change; 0 where the directory has none. */
  readonly version: number;
}

/** What is kept of a change. */
export interface RecordedChange extends ChangeStamp {
  readonly trackingId: TrackingId;
  /** NetBIOS name of the account's domain. */
  readonly domain: string;
  /** sAMAccountName. */
  readonly account: string;
  /** objectGUID in its usual text form, lower case. */
  readonly objectGuid: string;
  /** Host name of the domain controller that captured it. */
  readonly sourceServer: string;
  /** When the hook handed it over, milliseconds since 1970 UTC. */
  readonly capturedAt: number;
}

/** One captured password change, as it travels from a domain controller; the password travels beside it. */
export interface CapturedChange extends RecordedChange {
  /** When the directory showed it and it was queued; `committedAt` is the directory's own time, to the second. */
  readonly queuedAt: number;
  /** When this copy was sent. */
  readonly sentAt: number;
}

/** Where a delivery stands. A `parked` one keeps its sealed password and waits for an administrator. */
export type DeliveryState = 'waiting' | 'parked' | 'settled';

/** The one recorded end of a delivery; a `shadowed` one was decided in shadow mode, and nothing was written. */
export type Outcome = 'delivered' | 'shadowed' | 'superseded' | 'refused' | 'expired' | 'cancelled';

/** Whether the new password was proven on the target after the set, and if not, why not. */
export type Verification =
  | { readonly verdict: 'verified' }
  | { readonly verdict: 'rejected' }
  | { readonly verdict: 'not-possible'; readonly reason: string };

/** One hop in the life of a change: what happened and when, in milliseconds since 1970 UTC. */
export interface Hop {
  readonly name:
    | 'captured'
    | 'committed'
    | 'queued'
    | 'sent'
    | 'received'
    | 'resolved'
    | 'guarded'
    | 'accepted'
    | 'attempted'
    | 'set'
    | 'verified'
    | 'recorded';
  readonly at: number;
  readonly note?: string;
}

/** One try of a delivery. */
export interface Attempt {
  readonly at: number;
  readonly ms: number;
  readonly result: 'success' | PasswordFailureWord;
  readonly event: number;
  /** What the target said, or why it was not asked. */
  readonly detail?: string;
}
