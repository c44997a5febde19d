import type { AccountState } from './account-state.ts';

/** What the directory showed of an account inside the transaction that the hook was called from. */
export type Baseline =
  /** Its key version before the change; 0 for an account that did not exist yet. */
  | { readonly kind: 'exact'; readonly version: number }
  /** The read did not come through in time; the version as last known, or undefined. */
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
  const setNow =
    current.at + timestampGrain > capturedAt - timestampGrain && current.at <= capturedAt + holdTime;
  if (baseline.kind === 'remembered' && !setNow) return 'open';
  const isNext = known === 0 || current.version === known + 1;
  return isNext && setNow && current.isLocal ? 'committed' : 'lost';
}
