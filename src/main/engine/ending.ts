import type { Attempt } from '#shared/model/change.ts';
import type { PasswordFailure } from '#shared/model/password-failure.ts';
import type { PasswordSettings } from '#shared/model/password-settings.ts';

import { decideRetry } from './decide-retry.ts';
import type { AttemptTimings } from './observation.ts';
import type { Delivery, Settlement } from './queue.ts';

/** What becomes of a delivery after its turn. */
export type Ending =
  | { readonly kind: 'settle'; readonly settlement: Settlement; readonly timings?: AttemptTimings }
  | {
      readonly kind: 'postpone';
      readonly attempt: Attempt;
      readonly nextAttemptAt: number;
      readonly timings?: AttemptTimings;
    }
  | {
      readonly kind: 'park';
      readonly at: number;
      readonly attempt: Attempt | undefined;
      readonly event: number;
      readonly reason: string;
    };

export interface FailedAttempt {
  readonly delivery: Delivery;
  readonly failure: PasswordFailure;
  readonly settings: Pick<PasswordSettings, 'retryCount' | 'retryInterval'>;
  readonly startedAt: number;
  readonly now: number;
}

/**
 * How a failed attempt ends. A delivery that failed as often as the target allows is parked with event 6908, where
 * Identity Manager dropped it: ten tries at one-minute intervals are a short outage, and the person would be left with
 * an old password that nobody knows of.
 */
export function endFailedAttempt({ delivery, failure, settings, startedAt, now }: FailedAttempt): Ending {
  const { event, retried } = decideRetry(failure.word);
  const detail = describe(failure);
  const tried = { at: startedAt, ms: now - startedAt, result: failure.word, detail };
  if (!retried) {
    const attempt = { ...tried, event };
    return { kind: 'settle', settlement: { outcome: 'refused', event, at: now, reason: detail, attempt } };
  }
  const tries = delivery.attempts + 1;
  if (tries < settings.retryCount) {
    const nextAttemptAt = now + settings.retryInterval * 1000;
    return { kind: 'postpone', attempt: { ...tried, event }, nextAttemptAt };
  }
  const reason = `${tries} ${tries === 1 ? 'try' : 'tries'} failed, the last with: ${detail}`;
  return { kind: 'park', at: now, attempt: { ...tried, event: 6908 }, event: 6908, reason };
}

/** The failure in one line: what happened, the target's own words, what to do. */
function describe({ message, serverText, fix }: PasswordFailure): string {
  const told = serverText === undefined ? message : `${message} (${serverText})`;
  return fix === undefined ? told : `${told}. ${fix}`;
}
