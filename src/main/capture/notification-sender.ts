import type { CapturedChange } from '#shared/model/change.ts';
import type { PcnsTarget } from '#shared/model/pcns.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** What a domain controller tells its targets from time to time. */
export interface LaneReport {
  /** Changes that wait for this target. */
  readonly queued: number;
  /** Capture time of the oldest, milliseconds since 1970 UTC. */
  readonly oldest: number | undefined;
  /** Capture time of the last change, milliseconds since 1970 UTC. */
  readonly lastCaptured: number | undefined;
}

/** Why a notification was not taken. */
export interface SendFailure {
  /** PCNS' event for it: 4003 no answer, 6025 not authenticated, 6027 no binding. */
  readonly event: number;
  readonly message: string;
  /** `change`: the target refused this change for good. `delivery`: try it again. `target`: nothing gets through. */
  readonly reach: 'change' | 'delivery' | 'target';
}

/** An open connection to one target. */
export interface NotificationSender {
  /** Resolves once the target has the change sealed and on disk. The password stays the caller's. */
  send(change: CapturedChange, password: SecretBytes): Promise<void>;
  heartbeat(status: LaneReport): Promise<void>;
  close(): Promise<void>;
}

/** The way to a target; implemented over the Kerberos channel. */
export interface NotificationChannel {
  open(target: PcnsTarget): Promise<NotificationSender>;
  explain(error: unknown): SendFailure;
}
