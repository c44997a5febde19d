import type { CapturedChange } from '#shared/model/change.ts';
import type { PasswordSync } from '#shared/model/configuration.ts';

import type { Origin } from './find-origin.ts';
import { gateDailyCap } from './gates/gate-daily-cap.ts';
import { gateJoinedTargets } from './gates/gate-joined-targets.ts';
import { gateKnown } from './gates/gate-known.ts';
import { gateServiceAccount } from './gates/gate-service-account.ts';
import { gateSource } from './gates/gate-source.ts';
import { type GateVerdict, pass, type Refusal } from './gates/gate-verdict.ts';
import type { Connector } from './join-table.ts';
import type { Resolution } from './resolve-change.ts';

export interface ChangeFacts {
  readonly resolution: Resolution;
  readonly passwordSync: PasswordSync;
  /** Changes that the partition sent in the last 24 hours; asked only where there is a limit. */
  readonly countSent: (origin: Origin) => number;
  /** Gates that need a real change and its password; an explanation has neither. */
  readonly gateStale?: (connector: Connector) => GateVerdict;
  readonly gateEcho?: (connector: Connector) => GateVerdict;
}

/** Why a change goes nowhere at all; undefined where it goes on to its targets. */
export function guardChange(
  { domain, account }: Pick<CapturedChange, 'domain' | 'account'>,
  { resolution, passwordSync, countSent, gateStale, gateEcho }: ChangeFacts,
): Refusal | undefined {
  const { origin, connector, targets } = resolution;
  const source = gateSource(origin, domain);
  if (origin === undefined || source.verdict === 'refuse') return toRefusal(source);
  const limit = origin.source.maxChangesPerDay;
  const { dn } = origin.partition;
  const gates: readonly (() => GateVerdict)[] = [
    () => gateServiceAccount({ domain, account }, passwordSync.serviceAccount),
    () => gateKnown(connector, origin.agent.name),
    () => (connector && gateEcho?.(connector)) ?? pass,
    () => (connector && gateStale?.(connector)) ?? pass,
    () => gateJoinedTargets(targets, dn),
    // Last, so that what goes nowhere anyway does not count.
    () => gateDailyCap(limit === undefined ? 0 : countSent(origin), limit, dn),
  ];
  for (const gate of gates) {
    const refusal = toRefusal(gate());
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function toRefusal(verdict: GateVerdict): Refusal | undefined {
  return verdict.verdict === 'refuse' ? verdict : undefined;
}
