import type { Delivery } from './queue.ts';
import type { SealContext } from './seal.ts';

/** What a delivery's sealed password is bound to: moved to another change, account or connector it does not open. */
export function deliveryContext({
  trackingId,
  account,
  target,
  connector,
  sequence,
}: Pick<Delivery, 'trackingId' | 'account' | 'target' | 'connector' | 'sequence'>): SealContext {
  return { trackingId, account, target: `${target}/${connector}`, sequence };
}
