/** A control of a request or an answer (RFC 4511 4.1.11). */
export interface LdapControl {
  readonly oid: string;
  readonly critical: boolean;
  readonly value?: Uint8Array | undefined;
}
