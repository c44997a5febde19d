import type { LdapError } from '#directory/ldap-error.ts';
import type { AttributeChange } from '#directory/request-writer.ts';
import type { SetOptions } from '#engine/password-target.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { PasswordDialect, Refusal } from '../password-dialect.ts';
import { AccountRisk } from './account-risk.ts';
import { toUnicodePassword } from './unicode-password.ts';

/**
 * Reasons of a refused bind that come only after the right password: logon hours, workstation, password expired,
 * disabled, account expired, must change (MS-ADTS 5.1.1.1.1; Samba checks in the same order).
 */
const comesAfterPassword = new Set(['530', '531', '532', '533', '701', '773']);
const isLocked = '775';
const isWrong = '52e';

/**
 * Active Directory and AD LDS: unicodePwd, replaced for a set, taken away and added for a change
 * (MS-ADTS 3.1.1.3.1.5). Everything that belongs to one set travels in one modification, which holds or fails whole.
 */
export function activeDirectoryDialect(): PasswordDialect {
  const risk = new AccountRisk();
  return {
    namesByGuid: true,

    async setPassword({ connection, dn, limits }, password, options) {
      using value = encode(password);
      const change = { operation: 'replace', attribute: 'unicodePwd', values: [value.bytes] } as const;
      await connection.modify(dn, [change, ...optionChanges(options)], limits);
    },

    async applyOptions({ connection, dn, limits }, options) {
      const changes = optionChanges(options);
      if (changes.length > 0) await connection.modify(dn, changes, limits);
    },

    async changePassword({ connection, dn, limits }, old, next) {
      using before = encode(old);
      using after = encode(next);
      const changes: AttributeChange[] = [
        { operation: 'delete', attribute: 'unicodePwd', values: [before.bytes] },
        { operation: 'add', attribute: 'unicodePwd', values: [after.bytes] },
      ];
      await connection.modify(dn, changes, limits);
    },

    weighSignIn: (object) => risk.weigh(object),
    judgeRefusal,
  };
}

function optionChanges({ unlock, mustChange }: SetOptions): AttributeChange[] {
  const changes: AttributeChange[] = [];
  if (unlock) changes.push({ operation: 'replace', attribute: 'lockoutTime', values: ['0'] });
  if (mustChange) changes.push({ operation: 'replace', attribute: 'pwdLastSet', values: ['0'] });
  return changes;
}

function judgeRefusal({ code, bindReason = '', message }: LdapError): Refusal {
  if (code === 49 && comesAfterPassword.has(bindReason)) return { verdict: 'right' };
  if (code === 49 && bindReason === isWrong) return { verdict: 'wrong' };
  if (bindReason === isLocked) return { verdict: 'unclear', reason: 'The account is locked' };
  return { verdict: 'unclear', reason: `The directory refused the sign-in: ${message}` };
}

function encode(password: SecretBytes): SecretBytes {
  try {
    return toUnicodePassword(password);
  } catch (cause) {
    throw new PasswordFailure('new-password-ill-formed', 'The password is not valid UTF-8', {
      fix: 'The person has to choose another password.',
      cause,
    });
  }
}
