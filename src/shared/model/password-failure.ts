/**
 * Why a password could not be set on a target, in the result words of the MIIS password methods
 * (MS-UPSDBDAP 2.2.6.4.17), with two of our own: `timeout` and `not-verified`.
 */
export type PasswordFailureWord =
  | 'access-denied'
  | 'bad-password'
  | 'ma-credentials-failure'
  | 'ma-encryption-not-enabled'
  | 'ma-feature-not-supported'
  | 'ma-object-type-not-supported'
  | 'ma-not-configured'
  | 'new-password-ill-formed'
  | 'new-password-violate-policy'
  | 'object-not-found'
  | 'object-locked'
  | 'password-sync-disabled'
  | 'server-down'
  | 'server-busy'
  | 'time-difference-at-dc'
  | 'timeout'
  | 'not-verified'
  | 'extension-error';

/** `unknown`: the request may have reached the target and may still be carried out later. */
export type Certainty = 'not-applied' | 'unknown';

export interface PasswordFailureDetail {
  readonly certainty?: Certainty;
  /** The target's own words, without any secret. */
  readonly serverText?: string;
  /** What the administrator does about it, one imperative sentence. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/** One failed password operation on a target; the engine turns its word into an event and a retry decision. */
export class PasswordFailure extends Error {
  override readonly name = 'PasswordFailure';
  readonly word: PasswordFailureWord;
  readonly certainty: Certainty;
  readonly serverText: string | undefined;
  readonly fix: string | undefined;

  constructor(word: PasswordFailureWord, message: string, detail: PasswordFailureDetail = {}) {
    super(message, { cause: detail.cause });
    this.word = word;
    this.certainty = detail.certainty ?? 'not-applied';
    this.serverText = detail.serverText;
    this.fix = detail.fix;
  }
}
