import { passwordPolicyError } from '#directory/controls/password-policy.ts';
import { explainFailure } from '#directory/explain-failure.ts';
import type { LdapError } from '#directory/ldap-error.ts';
import { modifyPassword } from '#directory/modify-password.ts';
import type { AttributeChange } from '#directory/request-writer.ts';
import type { SetOptions } from '#engine/password-target.ts';
import type { LdapProfile } from '#shared/model/agent.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';

import type { ObjectAccess, PasswordDialect, Refusal } from '../password-dialect.ts';
import { weighSignIn } from './account-risk.ts';
import { modifyUserPassword } from './modify-user-password.ts';
import { type ProfileRules, rulesOf } from './profile-rules.ts';

/** Netscape's "password expired" control: the password was right (draft-vchu-ldap-pwd-policy 4.1). */
const passwordExpired = '2.16.840.1.113730.3.4.4';

/** LDAP directories: RFC 3062 or userPassword, by product. */
export function ldapDialect(profile: Exclude<LdapProfile, 'adlds'>): PasswordDialect {
  return {
    namesByGuid: false,

    async setPassword(object, password, options) {
      const rules = rulesOf(profile, object.facts);
      const changes = optionChanges(rules, options);
      if (rules.operation === 'attribute') {
        await modifyUserPassword(object, undefined, password, changes);
        return;
      }
      await modifyPassword(object.connection, { dn: object.dn, next: password }, object.limits);
      await modifyAfterwards(object, changes);
    },

    async applyOptions(object, options) {
      await modifyAfterwards(object, optionChanges(rulesOf(profile, object.facts), options));
    },

    changePassword: (object, old, next) =>
      rulesOf(profile, object.facts).operation === 'extended'
        ? modifyPassword(object.connection, { dn: object.dn, old, next }, object.limits)
        : modifyUserPassword(object, old, next, []),

    weighSignIn,
    judgeRefusal,
  };
}

function optionChanges(rules: ProfileRules, { unlock, mustChange }: SetOptions): readonly AttributeChange[] {
  if (mustChange && rules.mustChange === undefined)
    throw new PasswordFailure(
      'ma-feature-not-supported',
      'The directory knows no way to demand a new password at the next sign-in',
      { fix: 'Switch "must change" off for this agent, or choose the profile of its product.' },
    );
  return [...(unlock ? rules.unlock : []), ...(mustChange ? (rules.mustChange ?? []) : [])];
}

/** What an extended operation cannot carry; the password is set by now, and that must not be forgotten. */
async function modifyAfterwards(
  { connection, dn, limits }: ObjectAccess,
  changes: readonly AttributeChange[],
): Promise<void> {
  if (changes.length === 0) return;
  try {
    await connection.modify(dn, changes, limits);
  } catch (error) {
    const { word, cause, fix, serverText } = explainFailure(error, 'request');
    const names = changes.map(({ attribute }) => attribute).join(', ');
    throw new PasswordFailure(word, `The password was set, but not ${names}: ${cause}`, {
      certainty: 'unknown',
      fix,
      cause: error,
      ...(serverText !== undefined && { serverText }),
    });
  }
}

function judgeRefusal(error: LdapError): Refusal {
  const { code, result } = error;
  const policy = passwordPolicyError(result.controls);
  // Expired or to be changed: both come after the password was found right.
  const isRight =
    policy === 'password-expired' ||
    policy === 'change-after-reset' ||
    result.controls.some(({ oid }) => oid === passwordExpired);
  if (code === 49 && isRight) return { verdict: 'right' };
  if (code === 49 && policy !== 'account-locked') return { verdict: 'wrong' };
  return { verdict: 'unclear', reason: explainFailure(error, 'request').cause };
}
