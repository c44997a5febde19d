import type { Agent } from '#shared/model/agent.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { type AttemptSuccess, attemptDelivery } from './attempt-delivery.ts';
import type { Deadlines } from './deadlines.ts';
import { deliveryContext } from './delivery-context.ts';
import type { DoubtLedger } from './doubt-ledger.ts';
import { type Ending, endFailedAttempt } from './ending.ts';
import type { EngineParts } from './engine-parts.ts';
import { gateSecure } from './gates/gate-secure.ts';
import { gateStale } from './gates/gate-stale.ts';
import type { Connector } from './join-table.ts';
import { newestStamp } from './newest-stamp.ts';
import type { PasswordTarget } from './password-target.ts';
import type { Delivery, Settlement } from './queue.ts';
import { rehearseDelivery } from './rehearse-delivery.ts';

export interface TurnParts extends Pick<EngineParts, 'clock' | 'queue' | 'joins' | 'seal' | 'settings'> {
  readonly deadlines: Deadlines;
  readonly doubts: DoubtLedger;
  /** The last sequence of the process before: how its attempts ended is not known. */
  readonly inheritedSequence: number;
}

/** A target that is open for deliveries. */
export interface OpenTarget {
  readonly agent: Agent;
  readonly target: PasswordTarget;
}

export interface Turn {
  readonly ending: Ending;
  /** Distinguished name of the object, where it is known. */
  readonly dn?: string;
  readonly failure?: PasswordFailure;
  /** The target answered although nothing was tried on it: shadow mode asked. */
  readonly isAnswered?: boolean;
  /** A late write of an older password was found and put right. */
  readonly isPutRight?: boolean;
}

/** One turn of a delivery: looks whether it may still be written, writes and proves it, and decides how it ends. */
export async function takeTurn(delivery: Delivery, open: OpenTarget, parts: TurnParts): Promise<Turn> {
  const now = parts.clock.now();
  const connector = parts.joins.connector(delivery.connector);
  if (connector?.person !== delivery.person) {
    const reason = 'The object is not joined to the person any more';
    return { ending: settle({ outcome: 'refused', event: 7012, at: now, reason }) };
  }
  const { dn } = connector;
  const untried = endUntried(delivery, connector, now);
  if (untried !== undefined) return { dn, ending: settle(untried) };
  const secure = gateSecure(open.agent, open.target);
  if (secure.verdict === 'hold') {
    const fix = 'Use a protected connection, or do not require one.';
    const failure = new PasswordFailure('ma-encryption-not-enabled', secure.reason, { fix });
    return fail(failure, { delivery, open, connector, startedAt: now, now });
  }
  const secret = tryOpen(parts, delivery);
  if (secret === undefined) {
    const reason = 'The sealed password does not open: it was altered, or its key is gone';
    return { dn, ending: { kind: 'park', at: now, attempt: undefined, event: 7014, reason } };
  }
  const trial = { delivery, open, connector, startedAt: parts.clock.now() };
  if (open.agent.password.shadow) {
    secret.wipe();
    return await rehearse(trial, parts);
  }
  await rememberForDamping(parts, open.agent, connector, secret);
  return await attempt(trial, secret, parts);
}

interface Trial {
  readonly delivery: Delivery;
  readonly open: OpenTarget;
  readonly connector: Connector;
  readonly startedAt: number;
}

/** Decides all that a real turn decides, up to the write. */
async function rehearse(trial: Trial, { clock, deadlines }: TurnParts): Promise<Turn> {
  const { agent, target } = trial.open;
  try {
    const reason = await rehearseDelivery(target, agent.password, deadlines);
    const settlement = { outcome: 'shadowed', event: 7018, at: clock.now(), reason } as const;
    return { dn: trial.connector.dn, isAnswered: true, ending: settle(settlement) };
  } catch (error) {
    if (!(error instanceof PasswordFailure)) throw error;
    return fail(error, { ...trial, now: clock.now() });
  }
}

async function attempt(trial: Trial, secret: SecretBytes, parts: TurnParts): Promise<Turn> {
  const { clock, deadlines, doubts } = parts;
  const { delivery, open, connector } = trial;
  const { sequence, trackingId, stamp } = delivery;
  const isConfirmation = doubts.isConfirming(connector.id, sequence, trial.startedAt);
  try {
    const success = await attemptDelivery({
      clock,
      deadlines,
      target: open.target,
      connector,
      settings: open.agent.password,
      change: { trackingId, committedAt: stamp.committedAt },
      secret,
      isConfirmation,
      mayBeApplied: doubts.isSuspect(connector.id, sequence),
    });
    return succeed(success, { ...trial, isConfirmation, now: clock.now() }, parts);
  } catch (error) {
    if (!(error instanceof PasswordFailure)) throw error;
    const now = clock.now();
    if (error.certainty === 'unknown') doubts.suspect(connector.id, sequence, now);
    return fail(error, { ...trial, now });
  }
}

/** The ends that a delivery meets without a try. */
function endUntried(
  { expiresAt, stamp }: Delivery,
  connector: Connector,
  at: number,
): Settlement | undefined {
  if (expiresAt <= at) return { outcome: 'expired', event: 7005, at, reason: 'Waited longer than allowed' };
  const stale = gateStale(stamp, newestStamp(connector.incoming, connector.outgoing));
  if (stale.verdict !== 'refuse') return undefined;
  return { outcome: 'superseded', event: stale.event, at, reason: stale.reason };
}

function settle(settlement: Settlement): Ending {
  return { kind: 'settle', settlement };
}

function fail(failure: PasswordFailure, trial: Trial & { readonly now: number }): Turn {
  const { delivery, open, connector, startedAt, now } = trial;
  const ending = endFailedAttempt({ delivery, failure, settings: open.agent.password, startedAt, now });
  return { ending, failure, dn: connector.dn };
}

/**
 * Settles, unless an older write may still land after this one: then the delivery has another turn, when nothing old
 * can come any more, and is settled only if the password is found or set again.
 */
function succeed(
  { verification, timings, isPutRight }: AttemptSuccess,
  trial: Trial & { readonly isConfirmation: boolean; readonly now: number },
  parts: TurnParts,
): Turn {
  const { delivery, open, connector, startedAt, isConfirmation, now } = trial;
  const { doubts } = parts;
  const until = now + open.agent.password.operationTimeout * 1000;
  const { dn } = connector;
  const tried = { at: startedAt, ms: now - startedAt, result: 'success', event: 6902 } as const;
  if (!isConfirmation && isThreatened(delivery, until - now, now, parts)) {
    doubts.confirmLater(connector.id, delivery.sequence, until);
    const detail = 'Set; looked at once more, since an older attempt may still be carried out';
    return { dn, ending: { kind: 'postpone', attempt: { ...tried, detail }, nextAttemptAt: until, timings } };
  }
  doubts.trust(connector.id, delivery.sequence, until);
  const settlement = { outcome: 'delivered', event: 6902, at: now, verification, attempt: tried } as const;
  return { dn, isPutRight, ending: { kind: 'settle', settlement, timings } };
}

/** Whether another password may still land on the connector, sent by this process or by the one before it. */
function isThreatened(
  { connector, sequence }: Delivery,
  timeout: number,
  now: number,
  { doubts, queue, inheritedSequence }: TurnParts,
): boolean {
  if (doubts.isThreatened(connector, sequence, now)) return true;
  if (inheritedSequence === 0) return false;
  // Whatever came after the last process is known here; it must not hide what that process left.
  const before = queue.predecessor(connector, Math.min(sequence, inheritedSequence + 1));
  if (before === undefined) return false;
  if (before.outcome === 'delivered' && before.settledAt + timeout < now) return false;
  return doubts.inherit(connector, before.sequence, now);
}

function tryOpen({ seal }: TurnParts, delivery: Delivery): SecretBytes | undefined {
  try {
    return seal.open(delivery.sealed, deliveryContext(delivery));
  } catch {
    return undefined;
  }
}

/** Before the set, since the echo may be faster than the answer; only a target that is a source too sends one. */
async function rememberForDamping(
  { queue, seal, clock, settings }: TurnParts,
  agent: Agent,
  connector: Connector,
  secret: SecretBytes,
): Promise<void> {
  const isSource = agent.partitions.some(({ passwordSource }) => passwordSource?.enabled);
  if (!isSource || settings().passwordSync.dampingWindow === 0) return;
  try {
    await queue.rememberDigest(connector.id, seal.digest(secret), clock.now());
  } catch (error) {
    secret.wipe();
    throw error;
  }
}
