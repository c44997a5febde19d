/** Who asks something of single sign-on. */
export interface SsoCaller {
  /** `DOMAIN\name` as the transport proved it; undefined for whoever may open the service's own socket. */
  readonly account: string | undefined;
  /** The caller in words, for the audit. */
  readonly name: string;
  /** Comes from another host. */
  readonly isRemote: boolean;
}

/** Whoever may open the service's own socket, and so could read its memory too: acts as the service account. */
export function localCaller(name: string): SsoCaller {
  return { account: undefined, name, isRemote: false };
}

export function isSameAccount(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
