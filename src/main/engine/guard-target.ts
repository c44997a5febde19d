import type { Agent } from '#shared/model/agent.ts';

import { gateConfigured } from './gates/gate-configured.ts';
import { gateEnabled } from './gates/gate-enabled.ts';
import { gateHold } from './gates/gate-hold.ts';
import { gateSetSupported } from './gates/gate-set-supported.ts';
import { gateSync } from './gates/gate-sync.ts';
import type { GateVerdict } from './gates/gate-verdict.ts';
import type { PasswordTarget } from './password-target.ts';

export type TargetGate =
  | 'enabled'
  | 'configured'
  | 'set-supported'
  | 'synchronization'
  | 'not-held'
  | 'answering'
  | 'secure';

export interface GateReport {
  readonly gate: TargetGate;
  readonly result: GateVerdict;
}

/** The gates of one target, refusing ones first; the lane sends only where all of them pass. */
export function guardTarget(
  agent: Agent,
  target: PasswordTarget | undefined,
  synchronization: { readonly enabled: boolean },
): readonly GateReport[] {
  return [
    { gate: 'enabled', result: gateEnabled(agent) },
    { gate: 'configured', result: gateConfigured(agent, target) },
    { gate: 'set-supported', result: gateSetSupported(agent) },
    { gate: 'synchronization', result: gateSync(synchronization) },
    { gate: 'not-held', result: gateHold(agent) },
  ];
}
