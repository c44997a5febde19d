import type { AcceptedChange, SupersededDelivery } from './queue.ts';
import type { Telling } from './telling.ts';

interface Done {
  /** Deliveries of the change that wait. */
  readonly waiting: number;
  readonly superseded: readonly SupersededDelivery[];
}

/** Tells of a change that is on disk, of what the gates decided, and of what it took the place of. */
export function tellAccepted(
  accepted: AcceptedChange,
  { waiting, superseded }: Done,
  telling: Telling,
): void {
  const { change, sequence, receivedAt: at, refusal, deliveries } = accepted;
  const { trackingId } = change;
  const account = `${change.domain}\\${change.account}`;
  const log = (number: number, message: string): void =>
    telling.log({ number, message, trackingId, account });
  log(6903, `A password change of ${account} was received from ${change.sourceServer}`);
  for (const { target: agent, ...older } of superseded) {
    const message = `The password of ${older.account} is not set on a target: a newer change took its place`;
    telling.log({ number: 7006, message, agent, ...older });
  }
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
