import { passwordPolicy } from '#directory/controls/password-policy.ts';
import { passwordModify } from '#directory/modify-password.ts';
import type { AttributeChange } from '#directory/request-writer.ts';
import type { ServerFacts } from '#directory/server-facts.ts';
import type { LdapProfile } from '#shared/model/agent.ts';

/** What one product wants beside the password. */
export interface ProfileRules {
  readonly operation: 'extended' | 'attribute';
  /** Takes a lock away that failed sign-ins have brought. */
  readonly unlock: readonly AttributeChange[];
  /** Demands a new password at the next sign-in; undefined where the product cannot. */
  readonly mustChange: readonly AttributeChange[] | undefined;
}

const replace = (attribute: string, ...values: string[]): AttributeChange => ({
  operation: 'replace',
  attribute,
  values,
});

/** The password policy of draft-behera, as OpenLDAP, IBM and Sun 6 and later have it. */
const behera = {
  unlock: [replace('pwdAccountLockedTime')],
  mustChange: [replace('pwdReset', 'TRUE')],
} as const;
const longPast = '19700101000000Z';

const netscape: ProfileRules = {
  operation: 'attribute',
  unlock: [replace('accountUnlockTime'), replace('passwordRetryCount', '0')],
  mustChange: [replace('passwordExpirationTime', longPast)],
};

/** The rules of a profile; `sun` and `generic` depend on what the server says of itself. */
export function rulesOf(profile: Exclude<LdapProfile, 'adlds'>, facts: ServerFacts): ProfileRules {
  switch (profile) {
    case 'openldap':
      // Its policy takes every lock away with a new password, and hides the attribute from most accounts.
      return { ...behera, operation: 'extended', unlock: [] };
    case 'sun':
      return /sun|oracle/i.test(facts.vendor) ? { ...behera, operation: 'attribute' } : netscape;
    case 'ibm':
      return { ...behera, operation: 'attribute' };
    case 'edirectory':
      return {
        operation: 'attribute',
        unlock: [replace('lockedByIntruder', 'FALSE'), replace('loginIntruderAttempts', '0')],
        mustChange: [replace('passwordExpirationTime', longPast)],
      };
    case 'domino':
      // The HTTP password of the Person document; neither its lock-out nor its expiry shows over LDAP.
      return { operation: 'attribute', unlock: [], mustChange: undefined };
    case 'generic':
      return {
        operation: facts.extensions.has(passwordModify) ? 'extended' : 'attribute',
        // Without a known policy there is no known lock either.
        unlock: [],
        mustChange: facts.controls.has(passwordPolicy.oid) ? behera.mustChange : undefined,
      };
  }
}
