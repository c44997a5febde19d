import type { PasswordSettings } from '#shared/model/password-settings.ts';

import type { Deadlines } from './deadlines.ts';
import type { PasswordTarget } from './password-target.ts';
import { toPasswordFailure } from './to-password-failure.ts';

/**
 * What shadow mode does in place of a set: finds out whether the target answers and lets the agent in, and writes
 * nothing. The password itself is not tried either, since a failed logon counts towards a lock-out. Returns what
 * would have been done, in words. Throws `PasswordFailure`.
 */
export async function rehearseDelivery(
  target: Pick<PasswordTarget, 'probe'>,
  settings: PasswordSettings,
  deadlines: Deadlines,
): Promise<string> {
  try {
    await deadlines.run(settings.operationTimeout * 1000, ({ signal }) => target.probe(signal));
  } catch (error) {
    throw toPasswordFailure(error);
  }
  const also = [
    ...(settings.unlock ? ['unlocked'] : []),
    ...(settings.mustChange ? ['made to change at the next logon'] : []),
    ...(settings.verify ? ['proven'] : []),
  ];
  const would = also.length === 0 ? '' : `, and ${also.join(', ')}`;
  return `Shadow mode: it would have been set${would}; nothing was written`;
}
