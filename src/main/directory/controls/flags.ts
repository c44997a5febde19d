import type { LdapControl } from '../ldap-control.ts';

/** Shows deleted objects too (MS-ADTS 3.1.1.3.4.1.14). */
export const showDeleted: LdapControl = { oid: '1.2.840.113556.1.4.417', critical: true };

/** Treats referral objects as entries (RFC 3296). */
export const manageDsaIt: LdapControl = { oid: '2.16.840.1.113730.3.4.2', critical: false };
