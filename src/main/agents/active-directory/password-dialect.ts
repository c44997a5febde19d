import type { AttributeChange } from '#directory/request-writer.ts';
import { textOf } from '#directory/search-entry.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { PasswordDialect } from '../password-dialect.ts';
import { toUnicodePassword } from './unicode-password.ts';

const accountDisabled = 0x2;
const locked = 0x10;

/** Refused binds that come only after the right password: expired, must change (MS-ADTS 5.1.1.1). */
const rightPasswordReasons = new Set(['532', '773', '701', '530', '531', '533']);

/** Active Directory: unicodePwd, replaced for a set, taken away and added for a change (MS-ADTS 3.1.1.3.1.5). */
export const activeDirectoryDialect: PasswordDialect = {
  async setPassword(connection, dn, password, { unlock, mustChange }, limits) {
    using value = encode(password);
    const changes: AttributeChange[] = [
      { operation: 'replace', attribute: 'unicodePwd', values: [value.bytes] },
    ];
    if (unlock) changes.push({ operation: 'replace', attribute: 'lockoutTime', values: ['0'] });
    if (mustChange) changes.push({ operation: 'replace', attribute: 'pwdLastSet', values: ['0'] });
    await connection.modify(dn, changes, limits);
  },

  async changePassword(connection, dn, old, next, limits) {
    using before = encode(old);
    using after = encode(next);
    const changes: AttributeChange[] = [
      { operation: 'delete', attribute: 'unicodePwd', values: [before.bytes] },
      { operation: 'add', attribute: 'unicodePwd', values: [after.bytes] },
    ];
    await connection.modify(dn, changes, limits);
  },

  async findRisk(connection, dn, limits) {
    const attributes = [
      'badPwdCount',
      'lockoutTime',
      'userAccountControl',
      'msDS-User-Account-Control-Computed',
    ];
    const [entry] = await connection.searchEntries({
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes,
      ...limits,
    });
    if (entry === undefined) return 'The account is not visible to the agent';
    const flags = Number(textOf(entry, 'userAccountControl') ?? 0);
    const computed = Number(textOf(entry, 'msDS-User-Account-Control-Computed') ?? 0);
    if ((flags & accountDisabled) !== 0) return 'The account is disabled';
    if ((computed & locked) !== 0) return 'The account is locked';
    if (Number(textOf(entry, 'badPwdCount') ?? 0) > 0)
      return 'The account has failed sign-ins, and one more could lock it';
    return undefined;
  },

  provesPassword: ({ code, bindReason }) => code === 49 && rightPasswordReasons.has(bindReason ?? ''),
};

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
