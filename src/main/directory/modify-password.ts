import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { contextTag } from './ber-tag.ts';
import { BerWriter } from './ber-writer.ts';
import { passwordPolicy } from './controls/password-policy.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { OperationOptions } from './operation.ts';

/** The password modify extended operation (RFC 3062). */
export const passwordModify = '1.3.6.1.4.1.4203.1.11.1';

export interface PasswordModification {
  readonly dn: string;
  /** Set without it, changed with it. */
  readonly old?: SecretBytes | undefined;
  readonly next: SecretBytes;
}

/** RFC 3062: the server hashes and checks by its own rules. Throws `LdapError`. */
export async function modifyPassword(
  connection: LdapConnection,
  { dn, old, next }: PasswordModification,
  options: Omit<OperationOptions, 'controls'>,
): Promise<void> {
  const writer = new BerWriter();
  try {
    const value = writer.start();
    writer.text(dn, contextTag(0));
    if (old !== undefined) writer.bytes(old.bytes, contextTag(1));
    writer.bytes(next.bytes, contextTag(2));
    writer.end(value);
    await connection.extended(passwordModify, writer.finish(), { ...options, controls: [passwordPolicy] });
  } finally {
    writer.wipe();
  }
}
