import type { PasswordFailureWord } from '#shared/model/password-failure.ts';

/** Why something failed: the result word, what happened, and what to do about it. */
export type Reason = readonly [word: PasswordFailureWord, cause: string, fix: string];

export const policyFix =
  'Compare the password rules of source and target; the person has to choose another password.';
export const rightsFix =
  "Grant the agent's account the right to reset passwords in the containers of its partition.";
export const credentialsFix = "Enter the agent's password anew: carillon agents set-password.";
export const retriedFix = 'Nothing is to be done: the delivery is tried again.';
export const ownWordsFix = "See the directory's own words and its log.";

export const usedBefore: Reason = [
  'new-password-violate-policy',
  'The password was used before on the target',
  policyFix,
];
export const wrongOldPassword: Reason = [
  'bad-password',
  'The old password is wrong',
  'Nothing is to be done: the person gave another old password.',
];
export const accountLocked: Reason = [
  'object-locked',
  'The account is locked',
  'Unlock the account and find out who tries its password.',
];
