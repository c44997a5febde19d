import { contextTag } from '#directory/ber-tag.ts';
import { BerWriter } from '#directory/ber-writer.ts';
import { passwordPolicy, passwordPolicyError } from '#directory/controls/password-policy.ts';
import type { LdapConnection, OperationOptions } from '#directory/ldap-connection.ts';
import type { AttributeChange } from '#directory/request-writer.ts';
import { textOf, textsOf } from '#directory/search-entry.ts';
import type { LdapProfile } from '#shared/model/agent.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { PasswordDialect } from '../password-dialect.ts';

const passwordModify = '1.3.6.1.4.1.4203.1.11.1';

interface ProfileRules {
  /**
   * `extended`: RFC 3062. `attribute`: a modification of userPassword, where the product gives its reasons only
   * then (389 says "Failed to update password" to everything else) or has no extended operation.
   */
  readonly operation: 'extended' | 'attribute';
  /** Attribute that demands a new password at the next logon, and its value. */
  readonly mustChange: readonly [attribute: string, value: string] | undefined;
}

const rules: Readonly<Record<LdapProfile, ProfileRules>> = {
  openldap: { operation: 'extended', mustChange: ['pwdReset', 'TRUE'] },
  sun: { operation: 'attribute', mustChange: undefined },
  ibm: { operation: 'attribute', mustChange: ['pwdReset', 'TRUE'] },
  edirectory: { operation: 'attribute', mustChange: ['passwordExpirationTime', '19700101000000Z'] },
  adlds: { operation: 'attribute', mustChange: ['pwdLastSet', '0'] },
  generic: { operation: 'attribute', mustChange: undefined },
};

/** What tells of failed sign-ins and locks, whatever the product calls it. */
const risks = [
  'pwdFailureTime',
  'pwdAccountLockedTime',
  'passwordRetryCount',
  'accountUnlockTime',
  'nsAccountLock',
  'loginIntruderAttempts',
  'loginDisabled',
  'ibm-pwdAccountLocked',
];

/** LDAP directories: RFC 3062 or userPassword, by product. */
export function ldapDialect(profile: LdapProfile): PasswordDialect {
  const { operation, mustChange } = rules[profile];
  return {
    async setPassword(connection, dn, password, options, limits) {
      if (operation === 'extended') await setExtended(connection, dn, undefined, password, limits);
      else await setAttribute(connection, dn, [{ operation: 'replace', values: [password.bytes] }], limits);
      if (!options.mustChange || mustChange === undefined) return;
      const [attribute, value] = mustChange;
      await connection.modify(dn, [{ operation: 'replace', attribute, values: [value] }], limits);
    },

    async changePassword(connection, dn, old, next, limits) {
      if (operation === 'extended') return setExtended(connection, dn, old, next, limits);
      const changes = [
        { operation: 'delete', values: [old.bytes] },
        { operation: 'add', values: [next.bytes] },
      ] as const;
      return setAttribute(connection, dn, changes, limits);
    },

    async findRisk(connection, dn, limits) {
      const request = {
        base: dn,
        scope: 'base',
        filter: '(objectClass=*)',
        attributes: risks,
        ...limits,
      } as const;
      const [entry] = await connection.searchEntries(request);
      if (entry === undefined) return 'The account is not visible to the agent';
      if (
        textsOf(entry, 'pwdAccountLockedTime').length > 0 ||
        textOf(entry, 'ibm-pwdAccountLocked') === 'TRUE'
      )
        return 'The account is locked';
      if (textOf(entry, 'nsAccountLock') === 'true' || textOf(entry, 'loginDisabled') === 'TRUE')
        return 'The account is disabled';
      const failures = Math.max(
        textsOf(entry, 'pwdFailureTime').length,
        Number(textOf(entry, 'passwordRetryCount') ?? 0),
        Number(textOf(entry, 'loginIntruderAttempts') ?? 0),
      );
      return failures > 0 ? 'The account has failed sign-ins, and one more could lock it' : undefined;
    },

    // Expired or to be changed: both come after the password was found right.
    provesPassword: ({ code, result }) =>
      code === 49 &&
      ['password-expired', 'change-after-reset'].includes(passwordPolicyError(result.controls) ?? ''),
  };
}

/** Password modify extended operation (RFC 3062 2) with the answers of the server's policy. */
async function setExtended(
  connection: LdapConnection,
  dn: string,
  old: SecretBytes | undefined,
  next: SecretBytes,
  limits: OperationOptions,
): Promise<void> {
  const writer = new BerWriter();
  try {
    const value = writer.start();
    writer.text(dn, contextTag(0));
    if (old !== undefined) writer.bytes(old.bytes, contextTag(1));
    writer.bytes(next.bytes, contextTag(2));
    writer.end(value);
    await connection.extended(passwordModify, writer.finish(), { ...limits, controls: [passwordPolicy] });
  } finally {
    writer.wipe();
  }
}

async function setAttribute(
  connection: LdapConnection,
  dn: string,
  changes: readonly Omit<AttributeChange, 'attribute'>[],
  limits: OperationOptions,
): Promise<void> {
  const named = changes.map((change) => ({ ...change, attribute: 'userPassword' }));
  await connection.modify(dn, named, { ...limits, controls: [passwordPolicy] });
}
