/**
 * What went wrong with the link itself, before or beside any answer of the server.
 * `unreachable`: no connection came about. `tls`: its protection failed. `timeout`: no answer in time.
 * `closed`: the connection was lost. `protocol`: the server sent garbage. `aborted`: the caller gave up.
 * `insecure`: refused here, before a byte left.
 */
export type LinkErrorKind =
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'closed'
  | 'protocol'
  | 'aborted'
  | 'insecure';

export interface LinkErrorDetail {
  /** Whether the request had left, so that the server may still carry it out. */
  readonly sent?: boolean;
  readonly cause?: unknown;
}

/** A failure of the link to a directory. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly kind: LinkErrorKind;
  readonly sent: boolean;

  constructor(kind: LinkErrorKind, message: string, detail: LinkErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.kind = kind;
    this.sent = detail.sent ?? false;
  }
}

/** The server broke the protocol: what of its bytes is none of it. */
export function noLdap(found: string): LinkError {
  return new LinkError('protocol', `The server sent what is no LDAP: ${found}`);
}
