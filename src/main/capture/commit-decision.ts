import type { AccountState } from './account-state.ts';

/** What the directory showed of an account inside the transaction that the hook was called from. */
export type Baseline =
  /** Its key version before the change; 0 for an account that did not exist yet. */
  | { readonly kind: 'exact'; readonly version: number }
  /**
   * The read did not come through in time: the version as last known, 0 for none. Undefined where the hook had given
   * up by then, so that not even the time of the change is known.
   */
  | { readonly kind: 'remembered'; readonly version: number | undefined };

/** A change that was handed over and waits to be shown as committed. */
export interface HeldChange {
  readonly baseline: Baseline;
  /** When the hook handed it over, milliseconds since 1970 UTC. */
  readonly capturedAt: number;
}

/** `open`: the directory still shows what it showed before. `lost`: it moved, but not by this change alone. */
export type CommitVerdict = 'committed' | 'open' | 'lost';

/** replPropertyMetaData keeps whole seconds. */
const timestampGrain = 1000;
/** Samba waits this long for a hook, so that pwdLastSet, which it takes before, is at most so much older. */
const longestHook = 10_000;

/**
 * Whether the directory shows that this very change was committed.
 *
 * Transactions of one domain controller run one after another and the hook runs inside one, so with an exact
 * baseline "one version further, set here, set now" is this change. A version that moved further, or elsewhere,
 * belongs to a change that came later: sending this one could put an older or a refused password in its place.
 * With a remembered baseline the version may have moved unseen, so the time alone speaks for the change.
 *
 * @param holdTime milliseconds that a change is held.
 */
export function decideCommit(
  held: HeldChange,
  state: AccountState | undefined,
  holdTime: number,
): CommitVerdict {
  const current = state?.password;
  const { baseline, capturedAt } = held;
  const known = baseline.version ?? 0;
  if (current === undefined || current.version <= known) return 'open';
  const setNow = isSetNow(current.at, capturedAt, holdTime);
  if (baseline.kind === 'remembered' && !setNow) return 'open';
  const isNext = known === 0 || current.version === known + 1;
  return isNext && setNow && current.isLocal ? 'committed' : 'lost';
}

/**
 * Which of one account's undecided changes, in their order, the directory shows as the last one committed, by its
 * place; `unclear` where more than one could be.
 *
 * Several are undecided only where the directory did not answer inside the later transactions. The version tells how
 * many were committed, and pwdLastSet which was the last: it is taken within the transaction before its hook is
 * called, and so lies between the hooks of two changes.
 */
export function findCommitted(
  rows: readonly HeldChange[],
  state: AccountState | undefined,
  holdTime: number,
): number | Exclude<CommitVerdict, 'committed'> | 'unclear' {
  const [first] = rows;
  if (first === undefined) return 'open';
  if (rows.length === 1) {
    const verdict = decideCommit(first, state, holdTime);
    return verdict === 'committed' ? 0 : verdict;
  }
  const current = state?.password;
  if (current === undefined || current.version <= (first.baseline.version ?? 0)) return 'open';
  if (!current.isLocal) return 'lost';
  const isKnownWhen = rows.every(({ baseline }) => baseline.version !== undefined);
  const passwordLastSet = isKnownWhen ? (state?.passwordLastSet ?? 0) : 0;
  const places = rows
    .map((_, place) => place)
    .filter((place) => fitsVersion(rows, place, current.version))
    .filter((place) => isSetNow(current.at, rows[place]?.capturedAt ?? 0, holdTime))
    .filter((place) => liesBetween(rows, place, current.at, passwordLastSet));
  const [found] = places;
  if (found === undefined) return first.baseline.kind === 'exact' ? 'lost' : 'open';
  return places.length === 1 ? found : 'unclear';
}

function isSetNow(setAt: number, capturedAt: number, holdTime: number): boolean {
  return setAt + timestampGrain > capturedAt - timestampGrain && setAt <= capturedAt + holdTime;
}

/** Whether the version can be what it is when the change at `place` was the last one committed. */
function fitsVersion(rows: readonly HeldChange[], place: number, version: number): boolean {
  return rows.every(({ baseline }, index) => {
    const { kind, version: known = 0 } = baseline;
    if (index > place) return kind === 'exact' ? version === known : version >= known;
    // What is remembered may be older than any of the changes.
    const most = place + 1 - (kind === 'exact' ? index : 0);
    return version > known && (known === 0 || version - known <= most);
  });
}

function liesBetween(
  rows: readonly HeldChange[],
  place: number,
  setAt: number,
  passwordLastSet: number,
): boolean {
  const before = rows[place - 1]?.capturedAt ?? 0;
  const own = rows[place]?.capturedAt ?? 0;
  const after = rows[place + 1]?.capturedAt ?? Number.POSITIVE_INFINITY;
  // An administrator may have moved it by itself since, or to 0: the password must be changed at the next logon.
  const isOfPassword =
    passwordLastSet > setAt - longestHook &&
    passwordLastSet < setAt + timestampGrain &&
    passwordLastSet !== 0;
  return isOfPassword ? before <= passwordLastSet && passwordLastSet <= own : setAt <= after;
}
