import { messageOf } from '#shared/model/message-of.ts';

/**
 * What a database's refusal means. `refused`: a rule of the database's own, raised by a procedure, a trigger or a check.
 * `duplicate`: another row has the key. `constraint`: a value is missing, too long, or points to nothing.
 */
export type SqlErrorKind =
  | 'aborted'
  | 'busy'
  | 'closed'
  | 'constraint'
  | 'credentials'
  | 'down'
  | 'driver-missing'
  | 'duplicate'
  | 'insecure'
  | 'no-column'
  | 'no-database'
  | 'no-object'
  | 'no-table'
  | 'other'
  | 'permission'
  | 'refused'
  | 'statement'
  | 'timeout'
  | 'tls'
  | 'unreachable';

export interface SqlErrorDetail {
  /** Whether the statement had left, so that the database may still carry it out. */
  readonly sent?: boolean;
  /** The product's own code: an SQLSTATE or a number. */
  readonly code?: string | undefined;
  readonly cause?: unknown;
}

/** A failed statement or connection; its message is the database's own. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly kind: SqlErrorKind;
  readonly code: string | undefined;
  readonly sent: boolean;

  constructor(kind: SqlErrorKind, message: string, detail: SqlErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.kind = kind;
    this.code = detail.code;
    this.sent = detail.sent ?? false;
  }
}

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
]);
const closedCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const tlsCode = /^(?:ERR_(?:SSL|TLS)|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH)/;

/** What Node's own codes of a broken link mean; undefined for any other. */
export function kindOfLinkCode(code: string | undefined): SqlErrorKind | undefined {
  if (code === undefined) return undefined;
  if (unreachableCodes.has(code)) return 'unreachable';
  if (closedCodes.has(code)) return 'closed';
  if (code === 'ETIMEDOUT') return 'timeout';
  return tlsCode.test(code) ? 'tls' : undefined;
}

/** Code and text of whatever a driver throws. */
export function detailsOf(error: unknown): { readonly code: string | undefined; readonly text: string } {
  const text = messageOf(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return { code: code === undefined ? undefined : String(code), text };
}
