import type { SealContext } from '#engine/seal.ts';

/** One sealed copy serves every target; it opens only for the change and account that it was made for. */
export function sealContext(row: {
  readonly trackingId: string;
  readonly hookAccount: string;
  readonly sequence: number;
}): SealContext {
  return {
    trackingId: row.trackingId,
    account: row.hookAccount,
    target: 'capture',
    sequence: row.sequence,
  };
}
