/** What an extension answers where it cannot do what it was asked. */
export const extensionAnswers = [
  'access-denied',
  'bad-credentials',
  'extension-error',
  'not-implemented',
  'object-locked',
  'object-not-found',
  'object-type-unsupported',
  'password-ill-formed',
  'policy-violation',
  'server-down',
  'wrong-password',
] as const;
export type ExtensionAnswer = (typeof extensionAnswers)[number];

/**
 * What went wrong with the program itself. `not-found`, `not-startable`: it did not start. `crashed`: it ended in the
 * middle. `timeout`: it was stopped at its time limit. `garbled`: it said what the protocol does not know.
 * `aborted`, `closed`: nobody waits for it any more.
 */
export type ExtensionTrouble =
  | 'not-found'
  | 'not-startable'
  | 'crashed'
  | 'timeout'
  | 'garbled'
  | 'aborted'
  | 'closed';

export interface ExtensionErrorDetail {
  /** Whether the request had left, so that the extension may still have carried it out. */
  readonly sent?: boolean;
  readonly cause?: unknown;
}

/** A failure that an extension reports, or one of the extension; its message holds no secret. */
export class ExtensionError extends Error {
  override readonly name = 'ExtensionError';
  readonly code: ExtensionAnswer | ExtensionTrouble;
  readonly sent: boolean;

  constructor(code: ExtensionAnswer | ExtensionTrouble, message: string, detail: ExtensionErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.code = code;
    this.sent = detail.sent ?? false;
  }
}
