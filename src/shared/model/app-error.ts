/** What an operator can act on; everything else is `internal` and goes to the log only. */
export type AppErrorCode =
  | 'invalid_input'
  | 'invalid_configuration'
  | 'not_found'
  | 'conflict'
  | 'forbidden'
  | 'unknown_method'
  | 'unavailable'
  | 'cancelled'
  | 'damaged'
  | 'internal';

export interface AppErrorDetail {
  /** What the operator does about it, one imperative sentence. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/** A failure stated as fact and object, for an operator; never holds a secret. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: AppErrorCode;
  readonly fix: string | undefined;

  constructor(code: AppErrorCode, message: string, detail: AppErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.code = code;
    this.fix = detail.fix;
  }
}
