import type { LdapControl } from './ldap-control.ts';

export interface LdapResult {
  /** RFC 4511 4.1.9. */
  readonly code: number;
  readonly matchedDn: string;
  readonly diagnostic: string;
  readonly referrals: readonly string[];
  readonly controls: readonly LdapControl[];
}

const names: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  3: 'timeLimitExceeded',
  4: 'sizeLimitExceeded',
  7: 'authMethodNotSupported',
  8: 'strongerAuthRequired',
  10: 'referral',
  11: 'adminLimitExceeded',
  12: 'unavailableCriticalExtension',
  13: 'confidentialityRequired',
  14: 'saslBindInProgress',
  16: 'noSuchAttribute',
  17: 'undefinedAttributeType',
  18: 'inappropriateMatching',
  19: 'constraintViolation',
  20: 'attributeOrValueExists',
  21: 'invalidAttributeSyntax',
  32: 'noSuchObject',
  33: 'aliasProblem',
  34: 'invalidDNSyntax',
  48: 'inappropriateAuthentication',
  49: 'invalidCredentials',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
  54: 'loopDetect',
  64: 'namingViolation',
  65: 'objectClassViolation',
  66: 'notAllowedOnNonLeaf',
  67: 'notAllowedOnRDN',
  68: 'entryAlreadyExists',
  71: 'affectsMultipleDSAs',
  80: 'other',
  // e-syncRefreshRequired, RFC 4533 3.10.
  4096: 'syncRefreshRequired',
};

/** A server's refusal, with its own words. */
export class LdapError extends Error {
  override readonly name = 'LdapError';
  readonly result: LdapResult;

  constructor(operation: string, result: LdapResult) {
    const words = result.diagnostic === '' ? '' : `: ${result.diagnostic}`;
    super(`${operation}: ${result.code} ${names[result.code] ?? 'unknown'}${words}`);
    this.result = result;
  }

  get code(): number {
    return this.result.code;
  }

  /** Active Directory's Win32 code at the start of its words, `0000052D: ...` (MS-ADTS 3.1.1.3.1.9). */
  get win32(): number | undefined {
    const found = /^([0-9A-F]{8}):/i.exec(this.result.diagnostic);
    return found?.[1] === undefined ? undefined : Number.parseInt(found[1], 16);
  }

  /** Active Directory's reason of a refused bind, `data 52e`. */
  get bindReason(): string | undefined {
    return /\bdata ([0-9a-f]+)/i.exec(this.result.diagnostic)?.[1]?.toLowerCase();
  }
}
