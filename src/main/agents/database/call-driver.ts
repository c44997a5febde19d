import { abortable } from './abortable.ts';
import { SqlError, type SqlErrorKind } from './sql-error.ts';

/** What a driver threw, in the words of all of them. */
export interface DriverFailure {
  readonly kind: SqlErrorKind;
  /** The product's own code: an SQLSTATE or a number. */
  readonly code: string | undefined;
  readonly text: string;
}

export interface DriverCall {
  readonly signal: AbortSignal;
  /** False while the connection is opened: nothing can have arrived then. */
  readonly sent: boolean;
  /** Ends the connection at once, whatever it is at. */
  cut(): void | Promise<void>;
  failureOf(error: unknown): DriverFailure;
}

/**
 * Runs one call of a driver, whose failures become `SqlError`. The connection is cut where the signal is aborted
 * meanwhile, where it is lost, and where it was not opened.
 */
export async function callDriver<T>(work: () => Promise<T>, call: DriverCall): Promise<T> {
  const { signal, sent } = call;
  try {
    return await abortable(signal, () => void call.cut(), work);
  } catch (error) {
    if (error instanceof SqlError) throw error;
    const { kind, code, text } = call.failureOf(error);
    if (kind === 'closed' || !sent) await call.cut();
    throw new SqlError(kind, text, { code, cause: error, sent: sent && kind === 'closed' });
  }
}
