import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';
import type { PasswordFailureWord } from '#shared/model/password-failure.ts';

import { bindReasons, win32Reasons } from './active-directory-reasons.ts';
import { passwordPolicyError } from './controls/password-policy.ts';
import { diagnosticReasons } from './diagnostic-reasons.ts';
import { credentialsFix, ownWordsFix, type Reason, usedBefore, wrongOldPassword } from './failure-reason.ts';
import { KerberosError } from './kerberos-error.ts';
import { LdapError } from './ldap-error.ts';
import { LinkError } from './link-error.ts';
import { reasonOfLink } from './link-reasons.ts';
import { policyReasons, signInPolicyReasons } from './policy-reasons.ts';
import { resultCodeReasons } from './result-code-reasons.ts';

/** A directory's failure in an administrator's words, beside the directory's own. */
export interface Explanation {
  readonly word: PasswordFailureWord;
  /** What happened, one sentence without its period. */
  readonly cause: string;
  /** What to do about it. */
  readonly fix: string;
  /** The server's own words. */
  readonly serverText?: string;
  /** Whether the request may still be carried out. */
  readonly uncertain: boolean;
}

/** Whose doing failed: the agent's own sign-in, what it then asked for, or a change that names the old password. */
export type Stage = 'sign-in' | 'request' | 'change';

/** Codes whose meaning the diagnostic words narrow down; the others say enough. */
const vagueCodes = new Set([1, 16, 19, 49, 50, 52, 53, 80]);

/** Puts any failure of a directory operation into words. Nothing of it holds a secret. */
export function explainFailure(error: unknown, stage: Stage): Explanation {
  if (error instanceof LdapError) return toExplanation(reasonOf(error, stage), error.message, false);
  if (error instanceof LinkError)
    return toExplanation(reasonOfLink(error), error.message, error.sent && stage !== 'sign-in');
  if (error instanceof KerberosError) {
    const word = error.code === 'clock-skew' ? 'time-difference-at-dc' : 'ma-credentials-failure';
    return toExplanation(
      [word, 'The agent could not sign in with Kerberos', error.fix],
      error.message,
      false,
    );
  }
  const words = messageOf(error);
  // Such as an agent without a password in the vault.
  if (error instanceof AppError && stage === 'sign-in')
    return toExplanation(['ma-credentials-failure', words, error.fix ?? credentialsFix], words, false);
  return toExplanation(['extension-error', 'The operation failed', 'See the log.'], words, false);
}

/** Whether the password was refused because the account has it, or had it before. */
export function isUsedBefore(error: unknown): boolean {
  return error instanceof LdapError && reasonOf(error, 'request') === usedBefore;
}

function toExplanation([word, cause, fix]: Reason, serverText: string, uncertain: boolean): Explanation {
  return { word, cause, fix, serverText, uncertain };
}

function reasonOf(error: LdapError, stage: Stage): Reason {
  const reason = stage === 'sign-in' ? signInReasonOf(error) : requestReasonOf(error, stage);
  return (
    reason ??
    resultCodeReasons.get(error.code) ?? [
      'extension-error',
      `The directory answered with code ${error.code}`,
      ownWordsFix,
    ]
  );
}

function signInReasonOf({ code, bindReason, result }: LdapError): Reason | undefined {
  const policy = passwordPolicyError(result.controls);
  const said = policy === undefined ? undefined : signInPolicyReasons.get(policy);
  if (said !== undefined) return said;
  if (code === 49)
    return (
      bindReasons.get(bindReason ?? '') ?? [
        'ma-credentials-failure',
        "The agent's user name or password is wrong",
        credentialsFix,
      ]
    );
  // 389 and Sun lock by 19, disable by 53; an account that is gone is 32.
  if (code === 19 || code === 53 || code === 32 || code === 50)
    return [
      'ma-credentials-failure',
      'The directory does not let the agent sign in',
      "Check that the agent's account exists and is neither locked nor disabled.",
    ];
  return undefined;
}

function requestReasonOf(error: LdapError, stage: Stage): Reason | undefined {
  const { code, win32, result } = error;
  const policy = passwordPolicyError(result.controls);
  if (policy !== undefined) return policyReasons[policy];
  // Active Directory says 53 or 19 for many things; its own number tells which.
  const own = win32 === undefined ? undefined : win32Reasons.get(win32);
  if (own !== undefined) return own;
  if (vagueCodes.has(code)) {
    const said = diagnosticReasons.find(([pattern]) => pattern.test(result.diagnostic))?.[1];
    if (said !== undefined) return said;
  }
  // 389 has no such value to delete.
  return stage === 'change' && (code === 16 || code === 49) ? wrongOldPassword : undefined;
}
