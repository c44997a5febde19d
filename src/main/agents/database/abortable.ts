import { PasswordFailure } from '#shared/model/password-failure.ts';

import { SqlError } from './sql-error.ts';

/** Runs `work`; where the signal is aborted meanwhile, `stop` breaks the connection and the work ends as `SqlError`. */
export async function abortable<T>(
  signal: AbortSignal,
  stop: () => void,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw interruption(signal, false);
  let isStopped = false;
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    isStopped = true;
    stop();
    reject(interruption(signal, true));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const running = work();
  // Nobody waits for it once the race is lost.
  running.catch(() => undefined);
  try {
    return await Promise.race([running, promise]);
  } catch (error) {
    throw isStopped ? interruption(signal, true, error) : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function interruption(signal: AbortSignal, sent: boolean, cause?: unknown): SqlError {
  const { reason } = signal;
  const isLate =
    (reason instanceof DOMException && reason.name === 'TimeoutError') ||
    (reason instanceof PasswordFailure && reason.word === 'timeout');
  return isLate
    ? new SqlError('timeout', 'The database did not answer in time', { sent, cause })
    : new SqlError('aborted', 'Nobody waits for the database any more', { sent, cause });
}
