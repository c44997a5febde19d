import type { PasswordFailureWord } from '#shared/model/password-failure.ts';

export interface RetryDecision {
  /** Number that the failed attempt is reported with. */
  readonly event: number;
  readonly retried: boolean;
  /** What the failure tells the circuit breaker about the target as a whole. */
  readonly target: 'answered' | 'not-usable' | 'not-asked';
}

const again = { event: 6901, retried: true, target: 'answered' } as const;
/** All deliveries would meet it alike; asking on with the agent's wrong password would lock its account. */
const outage = { event: 6901, retried: true, target: 'not-usable' } as const;

const decisions: Readonly<Record<PasswordFailureWord, RetryDecision>> = {
  'access-denied': again,
  'bad-password': again,
  'ma-credentials-failure': outage,
  'ma-encryption-not-enabled': { ...again, target: 'not-asked' },
  'ma-feature-not-supported': never(6928),
  'ma-object-type-not-supported': never(6928),
  'ma-not-configured': { ...never(6922), target: 'not-asked' },
  'new-password-ill-formed': never(6927),
  'new-password-violate-policy': never(6927),
  'object-not-found': never(6923),
  'object-locked': { ...again, event: 7013 },
  'password-sync-disabled': { ...never(6921), target: 'not-asked' },
  'server-down': outage,
  'server-busy': again,
  'time-difference-at-dc': outage,
  timeout: outage,
  'not-verified': { ...again, event: 7009 },
  'extension-error': { ...again, target: 'not-asked' },
};

/** Which event a failed attempt is, and whether another one follows, as Identity Manager decides it. */
export function decideRetry(word: PasswordFailureWord): RetryDecision {
  return decisions[word];
}

function never(event: number): RetryDecision {
  return { event, retried: false, target: 'answered' };
}
