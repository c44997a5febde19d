import { ChannelError } from './channel-error.ts';
import { maxClockDifference } from './frame.ts';

/** Throws `ChannelError` where two clocks are further apart than Kerberos allows; times in milliseconds since 1970 UTC. */
export function requireSameTime(sender: number, receiver: number): void {
  const difference = sender - receiver;
  if (Math.abs(difference) <= maxClockDifference) return;
  const seconds = Math.round(Math.abs(difference) / 1000);
  const side = difference > 0 ? 'ahead of' : 'behind';
  throw new ChannelError('clock-skew', `The sender's clock is ${seconds} s ${side} the receiver's`);
}
