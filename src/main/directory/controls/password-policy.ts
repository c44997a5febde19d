import { BerReader } from '../ber-reader.ts';
import { berTag } from '../ber-tag.ts';
import type { LdapControl } from '../ldap-control.ts';

const oid = '1.3.6.1.4.1.42.2.27.8.5.1';

const errors = [
  'password-expired',
  'account-locked',
  'change-after-reset',
  'password-mod-not-allowed',
  'must-supply-old-password',
  'insufficient-password-quality',
  'password-too-short',
  'password-too-young',
  'password-in-history',
  'password-too-long',
] as const;

/** Words of draft-behera-ldap-password-policy 6.2. */
export type PasswordPolicyError = (typeof errors)[number];

/** Asks the server to explain itself by the password policy control. */
export const passwordPolicy: LdapControl = { oid, critical: false };

/** Why the server's password policy refused; undefined where it says nothing. */
export function passwordPolicyError(controls: readonly LdapControl[]): PasswordPolicyError | undefined {
  const value = controls.find((control) => control.oid === oid)?.value;
  if (value === undefined || value.length === 0) return undefined;
  const reader = new BerReader(value).enter(berTag.sequence);
  // [0] is a warning, [1] the error.
  while (reader.more) {
    const error = (reader.peek() & 0x1f) === 1;
    const inner = reader.bytes();
    if (error) return errors[inner[0] ?? -1];
  }
  return undefined;
}
