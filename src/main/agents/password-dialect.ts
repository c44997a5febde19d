import type { LdapConnection } from '#directory/ldap-connection.ts';
import type { LdapError } from '#directory/ldap-error.ts';
import type { OperationOptions } from '#directory/operation.ts';
import type { ServerFacts } from '#directory/server-facts.ts';
import type { SetOptions } from '#engine/password-target.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** An object within reach of the agent's account. */
export interface ObjectAccess {
  /** Signed in as the agent. */
  readonly connection: LdapConnection;
  /** The object's name for requests: a DN, or `<GUID=...>`. */
  readonly dn: string;
  readonly partition: string;
  readonly facts: ServerFacts;
  readonly limits: OperationOptions;
}

/** What a refused bind says of the password; `unclear` carries why it says nothing. */
export type Refusal =
  | { readonly verdict: 'right' }
  | { readonly verdict: 'wrong' }
  | { readonly verdict: 'unclear'; readonly reason: string };

/** Before a password is tried. */
export interface SignInRisk {
  /** The DN to sign in with: servers need not take other names there. */
  readonly dn: string;
  /** Why a try would prove nothing or could lock the account; undefined where it is safe. */
  readonly reason: string | undefined;
}

/** How one product takes, changes and proves passwords. */
export interface PasswordDialect {
  /** Whether requests may name an object by its GUID, which outlives every renaming. */
  readonly namesByGuid: boolean;
  setPassword(object: ObjectAccess, password: SecretBytes, options: SetOptions): Promise<void>;
  /** Unlocks and demands a change, for an object that has the password already. */
  applyOptions(object: ObjectAccess, options: SetOptions): Promise<void>;
  /** Changes with the old password, under every rule that a person is under. */
  changePassword(object: ObjectAccess, old: SecretBytes, next: SecretBytes): Promise<void>;
  /** What a try to sign in as the object would risk. */
  weighSignIn(object: ObjectAccess): Promise<SignInRisk>;
  judgeRefusal(refusal: LdapError): Refusal;
}
