import type { LdapConnection, OperationOptions } from '#directory/ldap-connection.ts';
import type { LdapError } from '#directory/ldap-error.ts';
import type { SetOptions } from '#engine/password-target.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** How one product takes, changes and proves passwords. */
export interface PasswordDialect {
  setPassword(
    connection: LdapConnection,
    dn: string,
    password: SecretBytes,
    options: SetOptions,
    limits: OperationOptions,
  ): Promise<void>;
  /** Changes with the old password, under every rule that a person is under. */
  changePassword(
    connection: LdapConnection,
    dn: string,
    old: SecretBytes,
    next: SecretBytes,
    limits: OperationOptions,
  ): Promise<void>;
  /** Why a try to sign in could do harm now, such as lock the account; undefined where it is safe. */
  findRisk(connection: LdapConnection, dn: string, limits: OperationOptions): Promise<string | undefined>;
  /** Whether a refused bind says that the password was right all the same. */
  provesPassword(refusal: LdapError): boolean;
}
