import type { PasswordPolicyError } from './controls/password-policy.ts';
import { accountLocked, credentialsFix, policyFix, type Reason, usedBefore } from './failure-reason.ts';

/** What the password policy control says of a request about somebody's password. */
export const policyReasons: Readonly<Record<PasswordPolicyError, Reason>> = {
  'password-expired': [
    'access-denied',
    'The password of the account has expired',
    'Set the password of the account.',
  ],
  'account-locked': accountLocked,
  'change-after-reset': [
    'access-denied',
    'The account must change its password first',
    'Set the password of the account without that demand.',
  ],
  'password-mod-not-allowed': [
    'access-denied',
    'The policy allows no change of this password',
    'Change pwdAllowUserChange or use an account with more rights.',
  ],
  'must-supply-old-password': [
    'access-denied',
    'The policy demands the old password',
    'Switch pwdSafeModify off for the agent, or use an account with more rights.',
  ],
  'insufficient-password-quality': [
    'new-password-violate-policy',
    'The password is too simple for the target',
    policyFix,
  ],
  'password-too-short': [
    'new-password-violate-policy',
    'The password is too short for the target',
    policyFix,
  ],
  'password-too-young': ['new-password-violate-policy', "The target's minimum age has not passed", policyFix],
  'password-in-history': usedBefore,
  'password-too-long': ['new-password-violate-policy', 'The password is too long for the target', policyFix],
};

/** What it says when the agent itself signs in. */
export const signInPolicyReasons: ReadonlyMap<PasswordPolicyError, Reason> = new Map([
  [
    'password-expired',
    ['ma-credentials-failure', "The password of the agent's account has expired", credentialsFix],
  ],
  ['account-locked', ['ma-credentials-failure', "The agent's account is locked", 'Unlock the account.']],
  [
    'change-after-reset',
    [
      'ma-credentials-failure',
      "The agent's account must change its password first",
      'Set the password of the account without that demand.',
    ],
  ],
] as const satisfies readonly (readonly [PasswordPolicyError, Reason])[]);
