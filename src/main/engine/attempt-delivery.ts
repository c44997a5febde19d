import type { Verification } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { PasswordSettings } from '#shared/model/password-settings.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Clock } from './clock.ts';
import type { Deadline, Deadlines } from './deadlines.ts';
import type { Connector } from './join-table.ts';
import type { AttemptTimings } from './observation.ts';
import type { PasswordTarget, SetOptions } from './password-target.ts';
import { toPasswordFailure } from './to-password-failure.ts';

export interface AttemptRequest {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly target: PasswordTarget;
  readonly connector: Connector;
  readonly settings: PasswordSettings;
  readonly change: NonNullable<SetOptions['change']>;
  /** Wiped when the last operation on it has really ended, also where nobody waits for that any more. */
  readonly secret: SecretBytes;
  /** The password was set before; find out whether it stayed, and set it again where that is not proven. */
  readonly isConfirmation: boolean;
  /** An earlier attempt with this very password may have been carried out. */
  readonly mayBeApplied: boolean;
}

export interface AttemptSuccess {
  /** Whether the password was proven, in words. */
  readonly verification: string;
  readonly timings: AttemptTimings;
  /** A confirmation found another password there and set this one again. */
  readonly isPutRight: boolean;
}

/** Sets a password on one object and proves it there. Throws `PasswordFailure`. */
export function attemptDelivery(request: AttemptRequest): Promise<AttemptSuccess> {
  const { deadlines, settings, secret } = request;
  return deadlines.run(settings.operationTimeout * 1000, async (deadline) => {
    try {
      return await (request.isConfirmation ? confirm(request, deadline) : setAndProve(request, deadline));
    } catch (error) {
      throw toPasswordFailure(error);
    } finally {
      secret.wipe();
    }
  });
}

async function confirm(request: AttemptRequest, deadline: Deadline): Promise<AttemptSuccess> {
  const startedAt = request.clock.now();
  const proof = await prove(request, deadline);
  if (proof?.verdict === 'verified') {
    const verifyMs = request.clock.now() - startedAt;
    return { verification: inWords(proof), timings: { setMs: 0, verifyMs }, isPutRight: false };
  }
  deadline.renew();
  const success = await setAndProve(request, deadline);
  return { ...success, isPutRight: proof?.verdict === 'rejected' };
}

async function setAndProve(request: AttemptRequest, deadline: Deadline): Promise<AttemptSuccess> {
  const { clock, target, connector, settings, secret, mayBeApplied, change } = request;
  const startedAt = clock.now();
  try {
    const { unlock, mustChange } = settings;
    await target.setPassword(connector, secret, { unlock, mustChange, change }, deadline.signal);
  } catch (error) {
    // A write that was thought lost and was carried out stands in the target's history, which then refuses the next.
    const isPolicy = error instanceof PasswordFailure && error.word === 'new-password-violate-policy';
    if (!isPolicy || !mayBeApplied) throw error;
    if ((await prove(request, deadline))?.verdict !== 'verified') throw error;
  }
  const setAt = clock.now();
  deadline.renew();
  const proof = await prove(request, deadline);
  if (proof?.verdict === 'rejected')
    throw new PasswordFailure('not-verified', 'The target does not accept the password that it has just set');
  const setMs = setAt - startedAt;
  const timings = proof === undefined ? { setMs } : { setMs, verifyMs: clock.now() - setAt };
  return { verification: inWords(proof), timings, isPutRight: false };
}

/** Undefined where proofs are switched off. One that cannot be made does not undo the set that it was for. */
async function prove(
  { target, connector, settings, secret }: AttemptRequest,
  { signal }: Deadline,
): Promise<Verification | undefined> {
  if (!settings.verify) return undefined;
  try {
    return await target.verifyPassword(connector, secret, signal);
  } catch (error) {
    return { verdict: 'not-possible', reason: toPasswordFailure(error).message };
  }
}

function inWords(proof: Verification | undefined): string {
  if (proof === undefined) return 'switched off';
  return proof.verdict === 'not-possible' ? `not possible: ${proof.reason}` : proof.verdict;
}
