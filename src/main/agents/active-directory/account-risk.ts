import { type SearchEntry, textOf } from '#directory/search-entry.ts';

import type { ObjectAccess, SignInRisk } from '../password-dialect.ts';
import { readVisibleEntry } from '../read-visible-entry.ts';

/** userAccountControl and its computed twin (MS-ADTS 2.2.16). */
const disabled = 0x2;
const locked = 0x10;
const needsSmartcard = 0x40000;
/** Milliseconds between 1601, where a FILETIME begins, and 1970. */
const epochOffset = 11_644_473_600_000n;
const never = 0x7fffffffffffffffn;
/** A domain's threshold is asked for again after this, milliseconds. */
const trustedFor = 60_000;

const attributes = [
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'msDS-UserAccountDisabled',
  'msDS-ResultantPSO',
  'accountExpires',
  'badPwdCount',
];

/** Tells whether a try to sign in could do harm to an account, or would prove nothing. */
export class AccountRisk {
  readonly #thresholds = new Map<string, { readonly value: number | undefined; readonly until: number }>();

  async weigh(object: ObjectAccess): Promise<SignInRisk> {
    const entry = await readVisibleEntry(object, object.dn, attributes);
    if (entry === undefined) return { dn: object.dn, reason: 'The account is not visible to the agent' };
    return { dn: entry.dn, reason: await this.#findReason(object, entry) };
  }

  async #findReason(object: ObjectAccess, entry: SearchEntry): Promise<string | undefined> {
    const flags = Number(textOf(entry, 'userAccountControl') ?? 0);
    const computed = Number(textOf(entry, 'msDS-User-Account-Control-Computed') ?? 0);
    if ((flags & disabled) !== 0 || textOf(entry, 'msDS-UserAccountDisabled') === 'TRUE')
      return 'The account is disabled';
    if ((computed & locked) !== 0) return 'The account is locked';
    if ((flags & needsSmartcard) !== 0) return 'The account signs in with a smart card only';
    if (isPast(textOf(entry, 'accountExpires'))) return 'The account has expired';
    const failures = Number(textOf(entry, 'badPwdCount') ?? 0);
    const threshold = await this.#thresholdOf(object, textOf(entry, 'msDS-ResultantPSO'));
    if (threshold === 0) return undefined;
    if (threshold === undefined ? failures === 0 : failures + 1 < threshold) return undefined;
    return 'One more failed sign-in could lock the account';
  }

  /** Failed sign-ins that lock: of the account's own policy object, else of its domain; 0 never, undefined unknown. */
  async #thresholdOf(object: ObjectAccess, policy: string | undefined): Promise<number | undefined> {
    const place = policy ?? object.partition;
    const known = this.#thresholds.get(place);
    if (known !== undefined && known.until > performance.now()) return known.value;
    const attribute = policy === undefined ? 'lockoutThreshold' : 'msDS-LockoutThreshold';
    const entry = await readVisibleEntry(object, place, [attribute]);
    const text = entry === undefined ? undefined : textOf(entry, attribute);
    const value = text === undefined ? undefined : Number(text);
    this.#thresholds.set(place, { value, until: performance.now() + trustedFor });
    return value;
  }
}

/** Whether a FILETIME lies behind; 0 and the greatest number mean never. */
function isPast(time: string | undefined): boolean {
  if (time === undefined || !/^\d+$/.test(time)) return false;
  const value = BigInt(time);
  return value !== 0n && value !== never && value / 10_000n - epochOffset < BigInt(Date.now());
}
