import { findEvent } from '#shared/events/find-event.ts';
import { AppError, type AppErrorCode, type AppErrorDetail } from '#shared/model/app-error.ts';

/** A refusal of single sign-on, with the number that its events and return codes have; the catalogue knows the fix. */
export class SsoError extends AppError {
  readonly event: number;

  constructor(event: number, code: AppErrorCode, message: string, detail: AppErrorDetail = {}) {
    const fix = detail.fix ?? findEvent(event)?.fix;
    super(code, `${message} (event ${event})`, { ...detail, ...(fix === undefined ? {} : { fix }) });
    this.event = event;
  }
}

/** Whether an error is the refusal with this number. */
export function isSsoError(error: unknown, event: number): error is SsoError {
  return error instanceof SsoError && error.event === event;
}
