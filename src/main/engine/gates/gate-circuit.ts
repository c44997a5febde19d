import type { BreakerState } from '../circuit-breaker.ts';
import { type GateVerdict, hold, pass } from './gate-verdict.ts';

/** The target answers. */
export function gateCircuit(state: BreakerState, agentName: string): GateVerdict {
  return state === 'closed'
    ? pass
    : hold(`"${agentName}" does not answer: its deliveries wait until it does`);
}
