import type { AcceptedChange } from './queue.ts';
import type { Telling } from './telling.ts';

/** Tells of a change that is on disk, and of what the gates decided. */
export function tellAccepted(accepted: AcceptedChange, waiting: number, telling: Telling): void {
  const { change, sequence, receivedAt: at, refusal, deliveries } = accepted;
  const { trackingId } = change;
  const account = `${change.domain}\\${change.account}`;
  const log = (number: number, message: string): void =>
    telling.log({ number, message, trackingId, account });
  log(6903, `A password change of ${account} was received from ${change.sourceServer}`);
  if (refusal !== undefined) {
    const { event, reason } = refusal;
    telling.observe({ kind: 'refused', at, change, sequence, event, reason });
    log(event, `The password change of ${account} goes nowhere: ${reason}`);
    return;
  }
  telling.observe({ kind: 'received', at, change, sequence, deliveries: waiting });
  for (const delivery of deliveries) {
    if (delivery.state !== 'settled') continue;
    const { event, reason, target: agent } = delivery;
    telling.log({
      number: event,
      message: `The password of ${account} is not set on a target: ${reason}`,
      trackingId,
      account,
      agent,
    });
  }
  if (waiting > 0) log(6907, `The password change of ${account} waits for ${waiting} of its targets`);
}
