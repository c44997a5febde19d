import { type SearchEntry, textOf, textsOf } from '#directory/search-entry.ts';

import type { ObjectAccess, SignInRisk } from '../password-dialect.ts';
import { readVisibleEntry } from '../read-visible-entry.ts';

/** What tells of failed sign-ins, locks and ends, whatever the product calls it. */
const attributes = [
  'pwdFailureTime',
  'pwdAccountLockedTime',
  'pwdEndTime',
  'pwdPolicySubentry',
  'passwordRetryCount',
  'retryCountResetTime',
  'accountUnlockTime',
  'nsAccountLock',
  'ibm-pwdAccountLocked',
  'loginIntruderAttempts',
  'lockedByIntruder',
  'loginDisabled',
  'loginExpirationTime',
];
const thresholds = ['pwdMaxFailure', 'passwordMaxFailure'];

/** Tells whether a try to sign in could do harm to an account, or would prove nothing. */
export async function weighSignIn(object: ObjectAccess): Promise<SignInRisk> {
  const entry = await readVisibleEntry(object, object.dn, attributes);
  if (entry === undefined) return { dn: object.dn, reason: 'The account is not visible to the agent' };
  return { dn: entry.dn, reason: await findReason(object, entry) };
}

async function findReason(object: ObjectAccess, entry: SearchEntry): Promise<string | undefined> {
  const is = (attribute: string): boolean => textOf(entry, attribute)?.toUpperCase() === 'TRUE';
  if (is('nsAccountLock') || is('loginDisabled')) return 'The account is disabled';
  if (isLocked(entry) || is('ibm-pwdAccountLocked') || is('lockedByIntruder')) return 'The account is locked';
  if (['pwdEndTime', 'loginExpirationTime'].some((end) => isPast(textOf(entry, end))))
    return 'The account has expired';
  const failures = countFailures(entry);
  if (failures === 0) return undefined;
  const threshold = await readThreshold(object, textOf(entry, 'pwdPolicySubentry'));
  if (threshold === 0 || (threshold !== undefined && failures + 1 < threshold)) return undefined;
  return 'One more failed sign-in could lock the account';
}

function isLocked(entry: SearchEntry): boolean {
  if (textsOf(entry, 'pwdAccountLockedTime').length > 0) return true;
  const until = textOf(entry, 'accountUnlockTime');
  // 1970 stands for a lock without end.
  return until !== undefined && (until.startsWith('1970') || !isPast(until));
}

function countFailures(entry: SearchEntry): number {
  const netscape = isPast(textOf(entry, 'retryCountResetTime'))
    ? 0
    : Number(textOf(entry, 'passwordRetryCount') ?? 0);
  const novell = Number(textOf(entry, 'loginIntruderAttempts') ?? 0);
  return Math.max(textsOf(entry, 'pwdFailureTime').length, netscape, novell);
}

/** Failed sign-ins that lock by the entry's own policy; the server's default policy is not to be seen. */
async function readThreshold(object: ObjectAccess, policy: string | undefined): Promise<number | undefined> {
  const entry = policy === undefined ? undefined : await readVisibleEntry(object, policy, thresholds);
  if (entry === undefined) return undefined;
  const text = thresholds.map((attribute) => textOf(entry, attribute)).find((value) => value !== undefined);
  return text === undefined ? undefined : Number(text);
}

/** Whether a time such as `20260131235959Z` (RFC 4517 3.3.13) lies behind. */
function isPast(time: string | undefined): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(time ?? '');
  if (parts === null) return false;
  const [year = 0, month = 1, ...rest] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, ...rest) < Date.now();
}
