import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** A password change that an adapter reports. */
export interface ExternalChange {
  readonly trackingId: string;
  readonly externalUser: string;
  /** When it was made, milliseconds since 1970 UTC; 0 is now. */
  readonly changedAt: number;
  /** Who reports it. */
  readonly caller: string;
  /** Taken from a replay file. */
  readonly isReplayed?: boolean;
}

export interface ExternalSecrets {
  readonly password: SecretBytes;
  readonly oldPassword: SecretBytes | undefined;
}

/** What became of a reported change: the number of its last event. */
export interface ExternalOutcome {
  readonly accepted: boolean;
  readonly event: number;
  readonly message: string;
}
